"""Windows of long lists: only the rows that a screen shows are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Struct

from airbook.application.as_of import position_at
from airbook.application.event_filter import EventFilter
from airbook.application.event_responses import event_responses
from airbook.application.reservation_filter import ReservationFilter, resolve
from airbook.application.responses import Event, Reservation
from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped, refuse
from airbook.application.text.terminal import shown
from airbook.domain.refusal import Refused
from airbook.eventlog.log import Log
from airbook.eventlog.records import DAEMON
from airbook.eventlog.selection import Among, Clause, Selection, SortOrder

if TYPE_CHECKING:
    from airbook.application.queries import Queries

T = TypeVar("T")
MOST_ACTORS = 1_000  # a database limits the number of parameters


class Anchor(NamedTuple):
    """A row that keeps its place on the screen while other rows come and go above it.

    key: the number of a reservation or the position of an event. place: the index of the row in
    the list when it was last read, from 0.
    """

    key: int
    place: int


class WindowRequest(Struct, frozen=True):
    """Which rows of a list to read.

    first: the index of the first row, from 0, in the list as it was when the anchor was read.
    count: how many rows. anchor: None reads the rows at `first` in the list as it is now. order:
    None means by number or by position, the newest first. as_of: a log position; None means now.
    """

    first: int
    count: int
    anchor: Anchor | None = None
    order: SortOrder | None = None
    as_of: int | None = None


class Complaint(NamedTuple):
    """The reason why a filter can match nothing: an English sentence and its values."""

    sentence: str
    values: Mapping[str, object]


class Window(Struct, Generic[T], frozen=True):
    """Consecutive rows of a list.

    total: the length of the whole list. first: the index of the first of `rows` in it. shift: how
    many rows the anchor has moved down since it was read; 0 without an anchor. complaint: why the
    filter can match nothing; None if it can.
    """

    total: int
    first: int
    rows: Sequence[T]
    shift: int = 0
    complaint: Complaint | None = None


def reservations(
    queries: Queries, row_filter: ReservationFilter, request: WindowRequest
) -> Window[Reservation]:
    """Read a window of the reservations that match a filter. Raises StoreError."""
    from airbook.projections.models.reservation_list import ReservationList, ReservationSelection

    order = request.order or SortOrder("id", descending=True)
    with queries.reading() as connection:
        try:
            clauses = resolve(queries, connection, row_filter, request.as_of)
        except (Mistyped, Refused) as error:
            return Window(0, 0, (), complaint=Complaint(error.sentence, error.values))
        by_name = order.column == "customer"
        customers = queries.log.registry.customers_by_name() if by_name else ()
        listing = ReservationList(
            connection,
            queries.views.database.list_texts,
            ReservationSelection(clauses, order, customers),
            as_of=request.as_of,
        )
        total = listing.total
        first, shift = locate(request, total, listing.before)
        rows = listing.rows(first, request.count) if total else []
    return Window(total, first, queries.reservation_responses(rows), shift)


def events(
    log: Log, row_filter: EventFilter, request: WindowRequest, now: datetime
) -> Window[Event]:
    """Read a window of the events that match a filter. now: UTC. Raises StoreError."""
    head = log.head()
    until = head if request.as_of is None else min(request.as_of, head)
    try:
        after = max([position_at(log, one, now) for one in row_filter.after], default=0)
        until = min([until, *(position_at(log, one, now) for one in row_filter.before)])
        clauses = (*row_filter.clauses, *(by_clause(log, one) for one in row_filter.actors))
    except (Mistyped, Refused) as error:
        return Window(0, 0, (), complaint=Complaint(error.sentence, error.values))
    selection = Selection(after, max(after, until), clauses)
    order = request.order or SortOrder("position", descending=True)
    total = log.count(selection)

    def before(position: int) -> int:
        return log.count_before(selection, order, position)

    first, shift = locate(request, total, before)
    limit = min(request.count, total - first)
    found = log.select(selection, order, first, limit) if limit > 0 else []
    return Window(total, first, event_responses(log, found), shift)


def by_clause(log: Log, part: str) -> Clause:
    """Return the clause of the events by actors whose names contain a part, or with this id.

    Raises Mistyped if they are too many.
    """
    ids = {part, *log.registry.actors.having(part), *([DAEMON.id] if part in DAEMON.id else [])}
    if len(ids) > MOST_ACTORS:
        sentence = mark("Too many people have {word} in their names: type more of the name.")
        refuse(sentence, word=shown(part))
    return (Among("by", tuple(sorted(ids))),)


def locate(
    request: WindowRequest, total: int, before: Callable[[int], int | None]
) -> tuple[int, int]:
    """Find the first row of a window in the list as it is now.

    total: the length of the list. before: counts the rows before the row with a key; None if there
    is no such row. Returns the index of the first row, and how many rows the anchor has moved down.
    """
    anchor = request.anchor
    place = before(anchor.key) if anchor else None
    shift = place - anchor.place if anchor and place is not None else 0
    return max(0, min(request.first + shift, total - request.count)), shift
