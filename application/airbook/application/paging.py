"""Windows on lists of any length: only the rows that are shown are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Raw, Struct

from airbook.application.responses import Event, Reservation
from airbook.eventlog.recorder import Registry, Selection
from airbook.eventlog.records import RecordedEvent

if TYPE_CHECKING:
    from airbook.application.airbook import Airbook
    from airbook.application.queries import Queries

T = TypeVar("T")
MOST_CUSTOMERS = 500


class Anchor(NamedTuple):
    """A row that should stay where it is on the screen.

    key: a reservation's number or an event's position. place: its place in the list when it was
    last read, from 0.
    """

    key: int
    place: int


class Scope(Struct, frozen=True):
    """Which rows of a list are shown.

    first: the place of the first row wanted, from 0, as of when the anchor was read. count: how
    many. as_of: a log position; None means now.
    """

    first: int
    count: int
    anchor: Anchor | None = None
    newest_first: bool = True
    as_of: int | None = None


class Window(Struct, Generic[T], frozen=True):
    """Some rows of a list.

    total: how many there are in the whole list. first: the place of the first of `rows`. shift: how
    many places the anchor has moved down since; 0 without one. is_cut: more are meant, but that
    would be too much to look for.
    """

    total: int
    first: int
    rows: Sequence[T]
    shift: int = 0
    is_cut: bool = False


class ReservationFilter(Struct, frozen=True):
    """Which reservations are listed; None leaves none out.

    customer: the beginning of a customer's name. exactly: it is the whole name. Of customers whose
    names begin alike, the first MOST_CUSTOMERS by name are looked for.
    """

    status: str | None = None
    airplane: int | None = None
    customer: str | None = None
    exactly: bool = False


class EventFilter(Struct, frozen=True):
    """Which events are listed.

    types: stored names without their versions, SeatAssigned; none leaves none out. stream:
    airplane-1; None leaves none out.
    """

    types: tuple[str, ...] = ()
    stream: str | None = None


def reservations(pages: Queries, wanted: ReservationFilter, scope: Scope) -> Window[Reservation]:
    """Show a window of the reservations by number. Raises StoreError."""
    from airbook.projections.models.reservation_list import ReservationList, ReservationSelection

    customers = customers_of(pages.airbook.log.registry, wanted)
    is_cut = customers is not None and len(customers) > MOST_CUSTOMERS
    if customers is not None:
        customers = customers[:MOST_CUSTOMERS]
    with pages.reading() as connection:
        listing = ReservationList(
            connection,
            ReservationSelection(wanted.status, wanted.airplane, customers),
            as_of=scope.as_of,
            newest_first=scope.newest_first,
        )
        total = listing.total()
        first, shift = placed(scope, total, listing.before)
        rows = listing.rows(first, scope.count)
    return Window(total, first, pages.reservation_responses(rows), shift, is_cut)


def customers_of(registry: Registry, wanted: ReservationFilter) -> Sequence[str] | None:
    """Find the ids of the customers who are meant, of many one too many; None means everybody's."""
    if wanted.customer is None or not (wanted.customer or wanted.exactly):
        return None
    if wanted.exactly:
        return list(registry.customer_ids([wanted.customer]).values())
    return registry.customers_named(wanted.customer, MOST_CUSTOMERS + 1)


def events(airbook: Airbook, wanted: EventFilter, scope: Scope) -> Window[Event]:
    """Show a window of the log by position. Raises StoreError."""
    log = airbook.log
    head = log.head()
    until = head if scope.as_of is None else min(scope.as_of, head)

    def count(after: int, until: int) -> int:
        return log.count(Selection(after, until, wanted.types, wanted.stream))

    def before(position: int) -> int:
        return count(position, until) if scope.newest_first else count(0, position - 1)

    total = count(0, until)
    first, shift = placed(scope, total, before)
    selection = Selection(0, until, wanted.types, wanted.stream)
    events = log.select(selection, first, scope.count, newest_first=scope.newest_first)
    return Window(total, first, [event_response(recorded) for recorded in events], shift)


def placed(scope: Scope, total: int, before: Callable[[int], int]) -> tuple[int, int]:
    """Tell where a window begins, and how many places its anchor has moved down.

    total: how many rows the list has. before: counts the rows that come before a key.
    """
    shift = before(scope.anchor.key) - scope.anchor.place if scope.anchor else 0
    return max(0, min(scope.first + shift, total - scope.count)), shift


def event_response(recorded: RecordedEvent) -> Event:
    """Show an event of the log."""
    stream, data = str(recorded.stream), Raw(recorded.data)
    return Event(recorded.position, stream, recorded.version, recorded.type, recorded.at, data)
