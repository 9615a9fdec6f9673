"""Windows of long lists: only the rows that a screen shows are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Raw, Struct

from airbook.application.responses import Event, Reservation
from airbook.eventlog.log import Log
from airbook.eventlog.recorder import Selection
from airbook.eventlog.records import RecordedEvent

if TYPE_CHECKING:
    from airbook.application.queries import Queries

T = TypeVar("T")
MOST_CUSTOMERS = 500


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
    count: how many rows. anchor: None reads the rows at `first` in the list as it is now. as_of: a
    log position; None means now.
    """

    first: int
    count: int
    anchor: Anchor | None = None
    newest_first: bool = True
    as_of: int | None = None


class Window(Struct, Generic[T], frozen=True):
    """Consecutive rows of a list.

    total: the length of the whole list. first: the index of the first of `rows` in it. shift: how
    many rows the anchor has moved down since it was read; 0 without an anchor. is_cut: more than
    MOST_CUSTOMERS customers match the filter, so that reservations are missing from the list.
    """

    total: int
    first: int
    rows: Sequence[T]
    shift: int = 0
    is_cut: bool = False


class ReservationFilter(Struct, frozen=True):
    """Which reservations to list; a field that is None lists all.

    airplane: the number of an airplane. customer: the beginning of a customer's name, or with
    `exactly` the whole name. Of the customers who match, only the first MOST_CUSTOMERS by name
    count.
    """

    status: str | None = None
    airplane: int | None = None
    customer: str | None = None
    exactly: bool = False


class EventFilter(Struct, frozen=True):
    """Which events to list.

    types: stored names without their versions, such as SeatAssigned; none lists all types. stream:
    its name, such as airplane-1; None lists all streams.
    """

    types: tuple[str, ...] = ()
    stream: str | None = None


def reservations(
    queries: Queries, row_filter: ReservationFilter, request: WindowRequest
) -> Window[Reservation]:
    """Read a window of the reservations that match a filter, by number. Raises StoreError."""
    from airbook.projections.models.reservation_list import ReservationList, ReservationSelection

    customers = matching_customers(queries.log, row_filter)
    is_cut = customers is not None and len(customers) > MOST_CUSTOMERS
    if customers is not None:
        customers = customers[:MOST_CUSTOMERS]
    with queries.reading() as connection:
        listing = ReservationList(
            connection,
            ReservationSelection(row_filter.status, row_filter.airplane, customers),
            as_of=request.as_of,
            newest_first=request.newest_first,
        )
        total = listing.total()
        first, shift = locate(request, total, listing.before)
        rows = listing.rows(first, request.count)
    return Window(total, first, queries.reservation_responses(rows), shift, is_cut)


def matching_customers(log: Log, row_filter: ReservationFilter) -> Sequence[str] | None:
    """Find the ids of the customers who match a filter.

    Returns at most MOST_CUSTOMERS + 1 ids; None if the filter lets every customer pass.
    """
    if row_filter.customer is None or not (row_filter.customer or row_filter.exactly):
        return None
    if row_filter.exactly:
        return list(log.registry.customer_ids([row_filter.customer]).values())
    return log.registry.customers_named(row_filter.customer, MOST_CUSTOMERS + 1)


def events(log: Log, row_filter: EventFilter, request: WindowRequest) -> Window[Event]:
    """Read a window of the events that match a filter, by position. Raises StoreError."""
    head = log.head()
    until = head if request.as_of is None else min(request.as_of, head)

    def count(after: int, until: int) -> int:
        return log.count(Selection(after, until, row_filter.types, row_filter.stream))

    def before(position: int) -> int:
        return count(position, until) if request.newest_first else count(0, position - 1)

    total = count(0, until)
    first, shift = locate(request, total, before)
    selection = Selection(0, until, row_filter.types, row_filter.stream)
    events = log.select(selection, first, request.count, newest_first=request.newest_first)
    return Window(total, first, [event_response(recorded) for recorded in events], shift)


def locate(request: WindowRequest, total: int, before: Callable[[int], int]) -> tuple[int, int]:
    """Find the first row of a window in the list as it is now.

    total: the length of the list. before: counts the rows before the row with a key. Returns the
    index of the first row, and how many rows the anchor has moved down.
    """
    anchor = request.anchor
    shift = before(anchor.key) - anchor.place if anchor else 0
    return max(0, min(request.first + shift, total - request.count)), shift


def event_response(recorded: RecordedEvent) -> Event:
    """Convert a recorded event to a response."""
    stream, data = str(recorded.stream), Raw(recorded.data)
    return Event(recorded.position, stream, recorded.version, recorded.type, recorded.at, data)
