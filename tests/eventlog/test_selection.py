"""Events of one type or of one stream are counted, and read from either end."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings, strategies

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.recorder import Selection
from airbook.eventlog.records import RecordedEvent
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log, store_as_is
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, Told, record

TYPES = (
    (),
    ("SeatAssigned",),
    ("ReservationRequested", "ReservationApproved"),
    ("Seat",),
    ("TicketSold",),
)
STREAMS = (None, "airplane-1", "reservation-2", "airplane-11")


def is_meant(recorded: RecordedEvent, meant: Selection) -> bool:
    return (
        meant.after < recorded.position <= meant.until
        and (not meant.types or recorded.type in meant.types)
        and meant.stream in (None, str(recorded.stream))
    )


@settings(max_examples=15)
@given(
    story=STORIES,
    after=strategies.integers(0, 9),
    first=strategies.integers(0, 9),
    limit=strategies.integers(1, 9),
)
def test_what_is_selected_is_what_is_meant(
    fresh: Fresh, story: tuple[Told, ...], after: int, first: int, limit: int
) -> None:
    with fresh.store() as store, open_log(store) as log:
        head = record(log, *story)
        events = log.after(0)
        for types, stream, until in product(TYPES, STREAMS, (head, head // 2)):
            meant = Selection(after, until, types, stream)
            found = [recorded for recorded in events if is_meant(recorded, meant)]
            assert log.count(meant) == len(found)
            part = slice(first, first + limit)
            assert log.select(meant, first, limit) == found[::-1][part]
            assert log.select(meant, first, limit, newest_first=False) == found[part]


def test_facts_of_every_version_are_of_their_type(log: Log, store: Store) -> None:
    head = record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    store_as_is(store, "airplane-1", 7, "SeatAssigned.v2", b'{"at":"","data":{}}')
    meant = Selection(0, head + 1, ("SeatAssigned",))
    assert log.count(meant) == 6
    assert [recorded.position for recorded in log.select(meant, 0, 2)] == [head + 1, 16]
