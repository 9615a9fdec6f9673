"""The futures of a group commit: errors, cancelling, closing."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Condition, Event, Thread, get_ident

import pytest

from airbook.eventlog.errors import StoreError
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Receipt,
    Transaction,
    TransactionResult,
)
from tests.eventlog.groups import (
    Comparable,
    at_the_same_time,
    only,
)
from tests.support.other_processes import NEW_RESERVATION
from tests.support.processes import SECONDS
from tests.support.waiting import until


def test_a_store_error_reaches_each_of_the_group_and_later_groups_succeed(any_log: Log) -> None:
    failing = [True]

    def execute(items: Sequence[Transaction]) -> Sequence[TransactionResult]:
        if failing:
            raise StoreError("store_full", "the store")
        return any_log.append_all(items)

    with GroupCommit(execute) as group:

        def work(_: int) -> Sequence[Comparable]:
            with pytest.raises(StoreError) as trouble:
                group.submit(only(NEW_RESERVATION)).result()
            assert trouble.value.code == "store_full"
            return ()

        at_the_same_time(work)
        failing.clear()
        results = [group.submit(only(NEW_RESERVATION)).result() for _ in range(2)]
    assert results == [Receipt(1, 1), Receipt(2, 2)]


def held(execute: Callable[[Sequence[int]], Sequence[int]]) -> tuple[GroupCommit[int, int], Event]:
    """Return a group commit whose first call waits, so that later items queue behind it."""
    go_on = Event()

    def wait_and_execute(items: Sequence[int]) -> Sequence[int]:
        assert go_on.wait(SECONDS)
        return execute(items)

    return GroupCommit(wait_and_execute), go_on


@contextmanager
def once(condition: Callable[[], object], act: Callable[[], object]) -> Generator[None]:
    """Run a block; meanwhile, another thread acts once a condition holds."""

    def wait_and_act() -> None:
        until(condition, "the block to reach its wait")
        act()

    thread = Thread(target=wait_and_act)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def until_taken(group: GroupCommit[int, int]) -> None:
    """Wait until the writer thread has taken what is queued."""
    until(vars(group)["_queue"].empty, "the writer thread to take what is queued")


def test_what_queues_behind_a_commit_is_executed_in_one_call() -> None:
    calls = list[Sequence[int]]()

    def double(items: Sequence[int]) -> Sequence[int]:
        calls.append(items)
        return [2 * item for item in items]

    group, go_on = held(double)
    futures = [group.submit(0)]
    until_taken(group)
    futures += [group.submit(number) for number in range(1, 10)]
    go_on.set()
    assert [future.result(SECONDS) for future in futures] == [2 * one for one in range(10)]
    group.close()
    assert calls == [[0], list(range(1, 10))]


def test_an_item_at_fault_gets_its_error_and_the_others_their_results() -> None:
    def reciprocal(items: Sequence[int]) -> Sequence[int]:
        return [12 // item for item in items]

    group, go_on = held(reciprocal)
    futures = [group.submit(item) for item in (1, 2, 0, 3)]
    go_on.set()
    group.close()
    assert [future.result() for future in futures if not future.exception()] == [12, 6, 4]
    assert isinstance(futures[2].exception(), ZeroDivisionError)


def test_a_cancelled_item_is_not_executed() -> None:
    executed = list[int]()

    def remember(items: Sequence[int]) -> Sequence[int]:
        executed.extend(items)
        return items

    group, go_on = held(remember)
    first = group.submit(1)
    until_taken(group)
    second, third = group.submit(2), group.submit(3)
    assert second.cancel()
    go_on.set()
    group.close()
    assert (first.result(), third.result(), executed) == (1, 3, [1, 3])


def test_closing_executes_what_is_queued_and_ends_the_thread() -> None:
    group, go_on = held(lambda items: items)
    futures = [group.submit(number) for number in range(600)]
    with once(lambda: vars(group)["_is_closed"], go_on.set):
        group.close()
        assert [future.result(0) for future in futures] == list(range(600))
        assert not vars(group)["_thread"].is_alive()


def test_a_caller_that_is_interrupted_while_it_waits_does_not_stop_the_others() -> None:
    class Interrupted(Exception):
        """A signal came."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    group, go_on = held(lambda items: items)
    first = group.submit(1)
    condition: Condition = vars(first)["_condition"]
    waiters: Sequence[object] = vars(condition)["_waiters"]
    before = signal.signal(signal.SIGUSR1, interrupt)
    kill = partial(signal.pthread_kill, get_ident(), signal.SIGUSR1)
    with once(lambda: waiters, kill), pytest.raises(Interrupted):
        first.result()
    signal.signal(signal.SIGUSR1, before)
    go_on.set()
    assert first.result(SECONDS) == 1
    assert group.submit(2).result(SECONDS) == 2
    group.close()
