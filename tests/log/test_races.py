"""Processes that write the same log at the same moment."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.change import Receipt
from airbook.domain.nouns import Stream
from tests.elsewhere import assign, begin_each, reserve_and_create
from tests.processes import at_once
from tests.stores import open_log
from tests.words import of_airplane, record


def test_eight_who_create_the_same_stores_at_once_all_write_to_them(tmp_path: Path) -> None:
    stores = [tmp_path / str(number) / "airbook.db" for number in range(5)]
    answers = at_once(*(partial(begin_each, stores, f"{one} ") for one in range(8)))
    for receipts in zip(*answers, strict=True):
        assert sorted(receipts, key=lambda receipt: receipt.number) == [
            Receipt(number, number) for number in range(1, 9)
        ]


def test_four_who_append_at_once_get_numbers_and_positions_without_gaps(store: Path) -> None:
    times = 50
    answers = at_once(*(partial(reserve_and_create, store, times) for _ in range(4)))
    reservations = [reservation for answer in answers for reservation, _ in answer]
    airplanes = [airplane for answer in answers for _, airplane in answer]
    numbers = list(range(1, 4 * times + 1))
    assert sorted(receipt.number for receipt in reservations) == numbers
    assert sorted(receipt.number for receipt in airplanes) == numbers
    with open_log(store) as log:
        events = log.after(0, limit=10_000)
    assert [event.position for event in events] == list(range(1, 3 * 4 * times + 1))
    last = {event.stream: event.position for event in events}
    assert last == {
        **{Stream("reservation", r.number): r.position for r in reservations},
        **{Stream("airplane", r.number): r.position for r in airplanes},
    }
    for answer in answers:
        positions = [receipt.position for receipts in answer for receipt in receipts]
        assert all(earlier < later for earlier, later in pairwise(positions))


def test_four_who_write_one_stream_never_write_the_same_version(store: Path) -> None:
    times = 60
    with open_log(store) as log:
        record(log, *of_airplane(1, AirplaneCreated(1_000)))
        at_once(*(partial(assign, store, times) for _ in range(4)))
        events = log.after(1)
        assert [(event.position, event.version) for event in events] == [
            (version + 1, version + 1) for version in range(1, times + 1)
        ]
        assert log.tracked("approver") == times
