"""Events of one type or of one stream are counted, and read from either end."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings, strategies

from airbook.eventlog.log import Log
from airbook.eventlog.recorder import Selection
from airbook.eventlog.records import RecordedEvent
from tests.support.fresh_stores import FreshLogs
from tests.support.random_stories import STORIES
from tests.support.stores import insert_as_is
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, StoryEvent, at, record

TYPES = (
    (),
    ("SeatAssigned",),
    ("ReservationRequested", "ReservationApproved"),
    ("Seat",),
    ("TicketSold",),
)
STREAMS = (None, "airplane-1", "reservation-2", "airplane-11")


def is_selected(recorded: RecordedEvent, selection: Selection) -> bool:
    return (
        selection.after < recorded.position <= selection.until
        and (not selection.types or recorded.type in selection.types)
        and selection.stream in (None, str(recorded.stream))
    )


@settings(max_examples=15)
@given(
    story=STORIES,
    after=strategies.integers(0, 9),
    first=strategies.integers(0, 9),
    limit=strategies.integers(1, 9),
)
def test_what_is_selected_is_what_is_selected(
    fresh_logs: FreshLogs, story: tuple[StoryEvent, ...], after: int, first: int, limit: int
) -> None:
    with fresh_logs.log() as log:
        head = record(log, *story)
        events = log.after(0)
        for types, stream, until in product(TYPES, STREAMS, (head, head // 2)):
            selection = Selection(after, until, types, stream)
            found = [recorded for recorded in events if is_selected(recorded, selection)]
            assert log.count(selection) == len(found)
            part = slice(first, first + limit)
            assert log.select(selection, first, limit) == found[::-1][part]
            assert log.select(selection, first, limit, newest_first=False) == found[part]


def test_events_of_every_version_have_the_same_type(any_log: Log) -> None:
    head = record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    insert_as_is(
        any_log, "airplane-1", 7, "SeatAssigned.v2", f'{{"at":"{at(0)}","data":{{}}}}'.encode()
    )
    selection = Selection(0, head + 1, ("SeatAssigned",))
    assert any_log.count(selection) == 6
    positions = [recorded.position for recorded in any_log.select(selection, 0, 2)]
    assert positions == [head + 1, 16]
