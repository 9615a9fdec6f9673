"""Selected events are counted and listed, in every order, as the shown texts of the events say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies

from airbook.application.event_responses import event_response
from airbook.application.text.formatting import fields_of, format_field
from airbook.application.text.labels import Labels
from airbook.eventlog import selection_sql
from airbook.eventlog.codec import UNKNOWN_TIME
from airbook.eventlog.log import Log
from airbook.eventlog.records import DAEMON, Actor, RecordedEvent
from airbook.eventlog.selection import (
    NEWEST_FIRST,
    Among,
    Clause,
    Condition,
    Contains,
    Selection,
    SortOrder,
    Within,
    fold,
)
from tests.support.fresh_stores import FreshLogs
from tests.support.random_stories import STORIES
from tests.support.stores import insert_as_is
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, StoryEvent, at, record

ENGLISH = Labels("en")
COLUMNS = ("position", "stream", "type", "at", "by", "data")
PARTS = (
    "1",
    "3",
    "seat",
    "seat=",
    "seat=1",
    "e=1",
    "ane 2",
    "name=plane 2",
    "%",
    "_",
    "é",
    "=",
    "x",
)
CONDITIONS: tuple[Condition, ...] = (
    Among("stream", ("airplane-1",)),
    Among("stream", ("reservation-2", "airplane-11")),
    Among("type", ("SeatAssigned",)),
    Among("type", ("ReservationRequested", "ReservationApproved", "Seat")),
    Among("position", (3, 4, 99)),
    Among("by", ("a1", "daemon")),
    Among("by", ("a2",)),
    Within("at", at(2), at(9)),
    Contains("stream", "n-1"),
    Contains("type", "seat"),
    *(Contains(column, part) for column in ("position", "data") for part in PARTS),
)
CLAUSES = strategies.lists(
    strategies.lists(strategies.sampled_from(CONDITIONS), min_size=1, max_size=3).map(tuple),
    max_size=2,
).map(tuple)
ORDERS = tuple(SortOrder(column, descending) for column in COLUMNS for descending in (True, False))


def actor_of(position: int) -> Actor | None:
    return (None, Actor("a1", "kim"), DAEMON, Actor("a2", "lee"))[position % 4]


def cause_of(position: int) -> int | None:
    return position // 2 or None


def holds(recorded: RecordedEvent, condition: Condition) -> bool:
    """Return whether a condition holds for an event as it is shown."""
    fields: dict[str, Any] = {**fields_of(event_response(recorded)), "by": recorded.by or ""}
    value = fields[condition.column]
    match condition:
        case Among(_, values):
            return value in values
        case Within(_, first, end):
            return bool(first <= value < end)
        case Contains(column, part):
            return part in fold(format_field(column, value, ENGLISH))


def value_of(recorded: RecordedEvent, column: str) -> object:
    value = getattr(recorded, column)
    return (value.kind, value.number) if column == "stream" else value or ""


def is_selected(recorded: RecordedEvent, selection: Selection) -> bool:
    return selection.after < recorded.position <= selection.until and all(
        any(holds(recorded, one) for one in clause) for clause in selection.clauses
    )


@settings(max_examples=15)
@given(
    story=STORIES,
    clauses=CLAUSES,
    order=strategies.sampled_from(ORDERS),
    part=strategies.tuples(strategies.integers(0, 9), strategies.integers(1, 9)),
)
def test_a_window_is_a_part_of_the_sorted_list_of_selected_events(
    fresh_logs: FreshLogs,
    story: tuple[StoryEvent, ...],
    clauses: tuple[Clause, ...],
    order: SortOrder,
    part: tuple[int, int],
) -> None:
    (first, limit) = part
    with pytest.MonkeyPatch.context() as patched, fresh_logs.log() as log:
        patched.setattr(selection_sql, "FAR", 1)
        head = record(log, *story, actor_of=actor_of, cause_of=cause_of)
        events = log.after(0)
        for after, until in ((0, head), (3, head // 2)):
            selection = Selection(after, until, clauses)
            found = [recorded for recorded in events if is_selected(recorded, selection)]
            found.sort(
                key=lambda one: (value_of(one, order.column), one.position),
                reverse=order.descending,
            )
            assert log.count(selection) == len(found)
            assert log.select(selection, order, first, limit) == found[first : first + limit]
            for place, one in enumerate(found):
                assert log.count_before(selection, order, one.position) == place


@pytest.mark.parametrize("order", ORDERS)
def test_events_in_every_order_are_counted_before_an_event_that_is_not_selected(
    any_log: Log, order: SortOrder
) -> None:
    head = record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    everything = any_log.select(Selection(0, head), order, 0, head)
    selection = Selection(0, head, ((Among("type", ("SeatAssigned",)),),))
    before = 0
    for recorded in everything:
        assert any_log.count_before(selection, order, recorded.position) == before
        before += recorded.type == "SeatAssigned"
    assert before == 5


def test_events_of_every_version_have_the_same_type(any_log: Log) -> None:
    head = record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    insert_as_is(
        any_log, "airplane-1", 7, "SeatAssigned.v2", f'{{"at":"{at(0)}","data":{{}}}}'.encode()
    )
    selection = Selection(0, head + 1, ((Among("type", ("SeatAssigned",)),),))
    assert any_log.count(selection) == 6
    positions = [one.position for one in any_log.select(selection, NEWEST_FIRST, 0, 2)]
    assert positions == [head + 1, 16]


def test_events_that_are_added_are_counted_too(any_log: Log) -> None:
    clauses = ((Contains("data", "seat="),),)
    counts = list[tuple[int, int]]()
    for place in range(0, len(FIVE_SEATS_SIX_CUSTOMERS), 6):
        head = record(any_log, *FIVE_SEATS_SIX_CUSTOMERS[place : place + 6])
        for after, until in ((0, head), (0, head), (0, head - 3), (2, head), (0, head)):
            found = [
                one.position
                for one in any_log.after(0)
                if after < one.position <= until and b'"seat":' in one.data
            ]
            assert any_log.count(Selection(after, until, clauses)) == len(found)
            counts.append((until, len(found)))
    assert counts[-1] == (18, 10)


STRANGE = (
    ("TicketSold.v1", b""),
    ("TicketSold.v1", b"\x00\xff\\\xed\xa0\x80"),
    ("TicketSold.v1", b'{"at":"x'),
    ("", b'{"at":"2026-11-22T09:00:00.000Z","data":'),
    ("SeatAssigned.v1.v2", f'{{"at":"{at(3)}","data":"\xff\x00"}}'.encode("latin-1")),
    ("Müll", f'{{"at":"{at(3)}","data":{{"name":"Zoë \\\\ \\"x\\"","gone":null}}}}'.encode()),
)


def test_events_that_cannot_be_read_are_searched_and_sorted_too(any_log: Log) -> None:
    for version, (topic, state) in enumerate(STRANGE, 1):
        insert_as_is(any_log, "café-7", version, topic, state)
    head = any_log.head()

    def found(*clauses: Clause) -> list[int]:
        selection = Selection(0, head, clauses)
        return [
            one.position for one in any_log.select(selection, SortOrder("position", False), 0, 9)
        ]

    assert head == 6
    assert found((Contains("data", "zoë"),)) == [6]
    assert found((Contains("data", 'name=zoë \\ "x"'),)) == [6]
    assert found((Contains("data", "\\"),)) == [6]
    assert found((Contains("type", "müll"),)) == [6]
    assert found((Contains("stream", "café"),)) == [1, 2, 3, 4, 5, 6]
    assert found((Within("at", at(3), at(4)),)) == [5, 6]
    assert found((Among("type", ("TicketSold",)),)) == [1, 2, 3]
    assert found((Within("at", UNKNOWN_TIME, "1971"),)) == [1, 2, 3]
    for order in ORDERS:
        assert len(any_log.select(Selection(0, head), order, 0, 9)) == 6
        assert any_log.count_before(Selection(0, head), order, 1) in range(6)
