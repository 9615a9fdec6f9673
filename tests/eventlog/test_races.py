"""Processes that write the same log at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from threading import Barrier

import pytest

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatAssigned
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Conflict, Receipt, Stream, Transaction
from tests.support.fresh_stores import Fresh
from tests.support.other_processes import assign, begin_each, reserve_and_create
from tests.support.processes import SECONDS, at_once
from tests.support.stores import open_log
from tests.support.stories import NINE, of_airplane, record


@pytest.mark.process
def test_eight_processes_open_the_same_new_stores_and_all_write_to_them(fresh: Fresh) -> None:
    with ExitStack() as lent:
        stores = [lent.enter_context(fresh.store()) for _ in range(5)]
        answers = at_once(*(partial(begin_each, stores, f"{one} ") for one in range(8)))
    for receipts in zip(*answers, strict=True):
        assert sorted(receipts, key=lambda receipt: receipt.number) == [
            Receipt(number, number) for number in range(1, 9)
        ]


@pytest.mark.process
def test_four_processes_append_at_once_and_numbers_and_positions_have_no_gaps(store: Store) -> None:
    times = 50
    answers = at_once(*(partial(reserve_and_create, store, times) for _ in range(4)))
    reservations = [reservation for answer in answers for reservation, _ in answer]
    airplanes = [airplane for answer in answers for _, airplane in answer]
    numbers = list(range(1, 4 * times + 1))
    assert sorted(receipt.number for receipt in reservations) == numbers
    assert sorted(receipt.number for receipt in airplanes) == numbers
    with open_log(store) as log:
        events = log.after(0, limit=10_000)
    assert [recorded.position for recorded in events] == list(range(1, 3 * 4 * times + 1))
    last = {recorded.stream: recorded.position for recorded in events}
    assert last == {
        **{Stream("reservation", r.number): r.position for r in reservations},
        **{Stream("airplane", r.number): r.position for r in airplanes},
    }
    for answer in answers:
        positions = [receipt.position for receipts in answer for receipt in receipts]
        assert all(earlier < later for earlier, later in pairwise(positions))


@pytest.mark.process
def test_four_processes_write_one_stream_and_no_version_twice(store: Store) -> None:
    times = 60
    with open_log(store) as log:
        record(log, *of_airplane(1, AirplaneCreated(1_000)))
        at_once(*(partial(assign, store, times) for _ in range(4)))
        events = log.after(1)
        assert [(recorded.position, recorded.version) for recorded in events] == [
            (version + 1, version + 1) for version in range(1, times + 1)
        ]
        assert log.checkpoint("approver") == times


def test_of_two_threads_that_write_one_stream_at_once_one_gets_a_conflict(store: Store) -> None:
    rounds = 20
    together = Barrier(2, timeout=SECONDS)

    def assign_in_step(log: Log) -> list[bool]:
        return [assign_once(log, version) for version in range(1, rounds + 1)]

    def assign_once(log: Log, version: int) -> bool:
        assigned = Append("airplane", 1, version, (SeatAssigned(version, version),))
        together.wait()
        try:
            return bool(log.append(Transaction(at=NINE, appends=(assigned,))))
        except Conflict:
            return False

    with open_log(store) as one, open_log(store) as other, ThreadPoolExecutor(2) as threads:
        record(one, *of_airplane(1, AirplaneCreated(1_000)))
        first, second = threads.map(assign_in_step, (one, other))
        assert [won != lost for won, lost in zip(first, second, strict=True)] == [True] * rounds
        assert [recorded.version for recorded in one.after(1)] == list(range(2, rounds + 2))
