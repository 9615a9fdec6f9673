"""Pages of lists follow one another without a gap, now and as of a position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pytest

from airbook.application import listing
from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.event_responses import event_responses
from airbook.application.listing import Cursor, Page, ReservationCriteria
from airbook.application.responses import Airplane, Event, Reservation
from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatsChanged
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.records import Customer, Stream
from airbook.eventlog.rows import Rows
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, of_airplane, record

Row = Airplane | Reservation | Event
T = TypeVar("T", bound=Row)
ANY = ReservationCriteria()


@pytest.fixture
def airbook(store: Store) -> Iterator[Airbook]:
    """Open a store with the story of five seats and six customers, and a second airplane."""
    with Airbook(store, clock=lambda: NINE) as opened:
        opened.create_if_missing()
        names = [Customer(f"customer {n}", f"{'kim' if n % 2 else 'lee'} {n}") for n in range(9)]
        opened.log.insert(Rows(customers=names))
        record(opened.log, *FIVE_SEATS_SIX_CUSTOMERS, *of_airplane(2, AirplaneCreated(9, "KE 907")))
        yield opened


def pages(read: Callable[[Cursor], Page[T]], limit: int, as_of: int | None = None) -> list[list[T]]:
    """Read every page of a list."""
    found, after = list[list[T]](), 0
    while True:
        page = read(Cursor(after, limit, as_of))
        found.append([*page.rows])
        if not page.has_more:
            return found
        after = key_of(page.rows[-1])


def key_of(row: Row) -> int:
    return row.position if isinstance(row, Event) else row.id


def in_parts(rows: Sequence[T], limit: int) -> list[list[T]]:
    return [[*rows[first : first + limit]] for first in range(0, len(rows), limit)]


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 100])
@pytest.mark.parametrize("as_of", [None, 7])
def test_the_pages_of_a_list_are_the_whole_list(
    airbook: Airbook, limit: int, as_of: int | None
) -> None:
    queries, log = airbook.queries, airbook.log

    def reservations(cursor: Cursor) -> Page[Reservation]:
        return listing.reservations(queries, ANY, cursor)

    def events(cursor: Cursor) -> Page[Event]:
        return listing.events(log, cursor)

    def airplanes(cursor: Cursor) -> Page[Airplane]:
        return listing.airplanes(queries, cursor)

    all_events = event_responses(log, log.after(0))[:as_of]
    assert pages(reservations, limit, as_of) == in_parts(queries.reservations(as_of=as_of), limit)
    assert pages(airplanes, limit, as_of) == in_parts(queries.airplanes(as_of=as_of), limit)
    assert pages(events, limit, as_of) == in_parts(all_events, limit)


@pytest.mark.parametrize(
    ("criteria", "numbers"),
    [
        (ANY, [1, 2, 3, 4, 5, 6]),
        (ReservationCriteria(airplane=1), [1, 2, 3, 4, 5, 6]),
        (ReservationCriteria(airplane=2), []),
        (ReservationCriteria(customer="kim 1"), [1]),
        (ReservationCriteria(customer="kim"), []),
        (ReservationCriteria(status="rejected"), [6]),
        (ReservationCriteria(reason="no_seats_left"), [6]),
        (ReservationCriteria(reason="airplane_closed"), []),
        (ReservationCriteria(airplane=1, customer="lee 2", status="approved"), [2]),
        (ReservationCriteria(customer="lee 2", status="rejected"), []),
    ],
)
def test_criteria_hold_together(
    airbook: Airbook, criteria: ReservationCriteria, numbers: list[int]
) -> None:
    page = listing.reservations(airbook.queries, criteria, Cursor())
    assert [one.id for one in page.rows] == numbers
    assert not page.has_more


def test_criteria_are_those_of_the_position(airbook: Airbook) -> None:
    received = ReservationCriteria(status="received")
    page = listing.reservations(airbook.queries, received, Cursor(as_of=4))
    rows = [one for one in airbook.queries.reservations(as_of=4) if one.status == "received"]
    assert page == Page(rows, has_more=False)
    assert rows


def test_events_are_chosen_by_stream_and_by_type(airbook: Airbook) -> None:
    log = airbook.log
    every = event_responses(log, log.after(0))
    chosen = listing.events(
        log, Cursor(), streams=["reservation-6", "airplane-2"], types=["ReservationRejected"]
    )
    assert chosen == Page([one for one in every if one.type == "ReservationRejected"], False)
    of_streams = listing.events(log, Cursor(), streams=["reservation-6", "airplane-2"])
    assert [one.stream for one in of_streams.rows] == [
        *("reservation-6", "reservation-6"),
        "airplane-2",
    ]
    assert listing.events(log, Cursor(), streams=["airplane-99"]) == Page([], has_more=False)


def test_the_version_of_a_stream_is_that_of_its_last_event(airbook: Airbook) -> None:
    log, plane = airbook.log, Stream("airplane", 1)
    own = log.stream(plane)
    versions = [listing.version(log, plane, one.position) for one in own]
    assert versions == [one.version for one in own]
    assert listing.version(log, plane, log.head()) == own[-1].version
    assert listing.version(log, Stream("airplane", 99), log.head()) == 0


def test_an_answer_shows_the_position_of_the_views_or_that_of_the_past(airbook: Airbook) -> None:
    head = airbook.log.head()
    assert listing.position(airbook.queries, 4) == 4
    with airbook.queries.reading():
        record(airbook.log, *of_airplane(2, SeatsChanged(10)))
        assert listing.position(airbook.queries) == head
    assert listing.position(airbook.queries) == head + 1


def test_a_block_reads_one_snapshot_which_its_first_query_opens(airbook: Airbook) -> None:
    head = airbook.log.head()
    for _ in range(2):
        with airbook.queries.together():
            record(airbook.log, *of_airplane(2, SeatsChanged(10)))
            assert listing.position(airbook.queries) == head + 1
            record(airbook.log, *of_airplane(2, SeatsChanged(11)))
            assert listing.position(airbook.queries) == head + 1
        head += 2
    assert listing.position(airbook.queries) == head


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize("as_of", [None, 24])
def test_the_pages_of_a_customer_hold_the_events_of_all_their_reservations(
    airbook: Airbook, limit: int, batch: int, as_of: int | None
) -> None:
    queries, log = airbook.queries, airbook.log
    for customer in ("kim 1", "lee 2", "kim 1", "kim 1", "lee 2", "kim 1"):
        airbook.execute(Reserve(1, customer))
    airbook.execute(CancelReservation(), 7)
    airbook.execute(CancelReservation(), 1)
    own = [f"reservation-{number}" for number in (1, 7, 9, 10, 12)]
    every = [one for one in event_responses(log, log.after(0))[:as_of] if one.stream in own]
    rejected = [one for one in every if one.type == "ReservationCancelled"]

    def events(cursor: Cursor) -> Page[Event]:
        return listing.events_of_customer(queries, "kim 1", cursor, batch=batch)

    def chosen(cursor: Cursor) -> Page[Event]:
        streams, types = ["reservation-1", "reservation-8"], ["ReservationCancelled"]
        return listing.events_of_customer(
            queries, "kim 1", cursor, streams=streams, types=types, batch=batch
        )

    assert pages(events, limit, as_of) == in_parts(every, limit)
    assert len(rejected) == (2 if as_of is None else 0)
    assert pages(chosen, limit, as_of) == [rejected[1:]]


def test_a_customer_who_is_unknown_has_no_events(airbook: Airbook) -> None:
    page = listing.events_of_customer(airbook.queries, "park", Cursor())
    assert page == Page([], has_more=False)
