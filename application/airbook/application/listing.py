"""Pages of long lists for programs: rows in a lasting order, each page after the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct, structs

from airbook.application.event_responses import event_responses
from airbook.application.responses import Airplane, Event, Reservation
from airbook.domain.decider import RESERVATION
from airbook.domain.reservation import Reason, Status
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent, Stream
from airbook.eventlog.selection import NEWEST_FIRST, Among, Clause, Selection, SortOrder

if TYPE_CHECKING:
    from airbook.application.queries import Queries

T = TypeVar("T")
OLDEST_FIRST = SortOrder("position", descending=False)
STREAMS = 1_000  # a database limits the number of parameters


class Cursor(Struct, frozen=True):
    """Where a page begins and how long it is.

    after: a number or a position; the page begins with the next one. as_of: a log position; None
    means now.
    """

    after: int = 0
    limit: int = 100
    as_of: int | None = None

    def at(self, position: int | None) -> Cursor:
        """Return the same cursor as of a log position."""
        return structs.replace(self, as_of=position)


class Page(Struct, Generic[T], frozen=True):
    """The rows of one page. has_more: whether rows follow, after the last one of these."""

    rows: Sequence[T]
    has_more: bool


class ReservationCriteria(Struct, frozen=True):
    """Which reservations to list; None stands for any value. customer: a whole name."""

    airplane: int | None = None
    customer: str | None = None
    status: Status | None = None
    reason: Reason | None = None


def airplanes(queries: Queries, cursor: Cursor) -> Page[Airplane]:
    """List airplanes by number. Raises StoreError."""
    from airbook.application.queries import airplane_response
    from airbook.projections.models.airplanes import airplanes as listed

    with queries.reading() as connection:
        limit = cursor.limit + 1  # one more tells whether another page follows
        rows = listed(connection, after=cursor.after, limit=limit, as_of=cursor.as_of)
    return page([airplane_response(row) for row in rows], cursor.limit)


def reservations(
    queries: Queries, criteria: ReservationCriteria, cursor: Cursor
) -> Page[Reservation]:
    """List reservations by number. Raises StoreError."""
    from airbook.projections.models.reservations import reservations_after

    customer = criteria.customer
    if customer is not None:
        customer = queries.log.registry.customer_ids([customer]).get(customer)
        if customer is None:
            return Page((), has_more=False)
    with queries.reading() as connection:
        rows = reservations_after(
            connection,
            cursor.after,
            cursor.limit + 1,
            as_of=cursor.as_of,
            airplane=criteria.airplane,
            customer=customer,
            status=criteria.status,
            reason=criteria.reason,
        )
    return page(queries.reservation_responses(rows), cursor.limit)


def events(
    log: Log, cursor: Cursor, *, streams: Collection[str] = (), types: Collection[str] = ()
) -> Page[Event]:
    """List events by position.

    streams, types: the names of which an event must have one; empty lists the events of any.
    Raises StoreError.
    """
    until = log.head() if cursor.as_of is None else cursor.as_of
    clauses = clauses_of({"stream": streams, "type": types})
    selection = Selection(cursor.after, max(cursor.after, until), clauses)
    found = log.select(selection, OLDEST_FIRST, 0, cursor.limit + 1)
    return page(event_responses(log, found), cursor.limit)


def events_of_customer(
    queries: Queries,
    customer: str,
    cursor: Cursor,
    *,
    streams: Collection[str] = (),
    types: Collection[str] = (),
    batch: int = STREAMS,
) -> Page[Event]:
    """List the events of the reservations of one customer, named in full, by position.

    batch: for the streams of so many reservations, the log is asked at once. Raises StoreError.
    """
    log, found = queries.log, list[RecordedEvent]()
    with queries.reading():
        until = max(cursor.after, position(queries, cursor.as_of))
        for own in streams_of(queries, customer, batch):
            if chosen := own & {*streams} if streams else own:
                clauses = clauses_of({"stream": chosen, "type": types})
                selection = Selection(cursor.after, until, clauses)
                found += log.select(selection, OLDEST_FIRST, 0, cursor.limit + 1)
                found = sorted(found, key=lambda one: one.position)[: cursor.limit + 1]
            if len(found) > cursor.limit:
                until = found[-1].position  # what comes later is not on this page
        return page(event_responses(log, found), cursor.limit)


def streams_of(queries: Queries, customer: str, batch: int) -> Iterator[set[str]]:
    """Yield the names of the streams of a customer's reservations, a set for each `batch`."""
    criteria, found = ReservationCriteria(customer=customer), Page[Reservation]((), has_more=True)
    while found.has_more:
        after = found.rows[-1].id if found.rows else 0
        found = reservations(queries, criteria, Cursor(after, batch))
        yield {str(Stream(RESERVATION.kind, one.id)) for one in found.rows}


def position(queries: Queries, as_of: int | None = None) -> int:
    """Return the log position that an answer shows: `as_of`, or that of the views.

    Within `Queries.reading`, it is that of all answers. Raises StoreError.
    """
    from airbook.projections.checkpoints import checkpoints
    from airbook.projections.models.airplanes import TABLE

    if as_of is not None:
        return as_of
    with queries.reading() as connection:
        return {one.view: one.position for one in checkpoints(connection)}[TABLE.name]


def version(log: Log, stream: Stream, position: int) -> int:
    """Return the version of a stream at a log position; 0 if it did not exist."""
    selection = Selection(0, position, clauses_of({"stream": (str(stream),)}))
    last = log.select(selection, NEWEST_FIRST, 0, 1)
    return last[0].version if last else 0


def clauses_of(values: dict[str, Collection[str]]) -> tuple[Clause, ...]:
    """Return a clause for each column that must have one of some values."""
    return tuple((Among(column, tuple(among)),) for column, among in values.items() if among)


def page(rows: Sequence[T], limit: int) -> Page[T]:
    """Return a page of at most `limit` rows. rows: one more than that if others follow."""
    return Page(rows[:limit], has_more=len(rows) > limit)
