"""Errors in a group commit reach the callers that they concern, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from airbook.eventlog.errors import StoreError
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Conflict, Receipt, Transaction, TransactionResult
from tests.eventlog.groups import (
    STALE,
    Comparable,
    at_the_same_time,
    comparable,
    held,
    only,
    until_running,
)
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION
from tests.support.processes import SECONDS


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


def test_an_item_at_fault_gets_its_error_and_the_others_their_results() -> None:
    calls = list[Sequence[int]]()

    def reciprocal(items: Sequence[int]) -> Sequence[int]:
        calls.append(items)
        return [12 // item for item in items]

    group, go_on = held(reciprocal)
    futures = [group.submit(12)]
    until_running(futures[0])
    futures += [group.submit(item) for item in (2, 0, 3)]
    go_on.set()
    group.close()
    assert [future.result(0) for future in futures if not future.exception(0)] == [1, 6, 4]
    assert isinstance(futures[2].exception(), ZeroDivisionError)
    assert calls == [[12], [2, 0, 3], [2], [0], [3]]


def test_a_transaction_that_cannot_be_stored_leaves_the_others_of_its_group_alone(
    any_log: Log,
) -> None:
    no_event: Any = object()
    at_fault = only(Append("reservation", None, 0, (no_event,)))
    group, go_on = held(any_log.append_all)
    futures = [group.submit(only(NEW_AIRPLANE))]
    until_running(futures[0])
    behind = (only(NEW_RESERVATION), at_fault, only(STALE), only(NEW_RESERVATION))
    futures += [group.submit(one) for one in behind]
    go_on.set()
    group.close()
    assert isinstance(futures.pop(2).exception(0), KeyError)
    results = [comparable(future.result(0)) for future in futures]
    assert results == [Receipt(1, 1), Receipt(1, 2), Conflict, Receipt(2, 3)]
    assert any_log.head() == 3


def test_a_store_error_reaches_the_whole_group_which_is_not_executed_again() -> None:
    calls = list[Sequence[int]]()
    full = StoreError("store_full", "the store")

    def fail(items: Sequence[int]) -> Sequence[int]:
        calls.append(items)
        raise full

    group, go_on = held(fail)
    futures = [group.submit(0)]
    until_running(futures[0])
    futures += [group.submit(number) for number in range(1, 4)]
    go_on.set()
    group.close()
    assert [future.exception(0) for future in futures] == [full] * 4
    assert calls == [[0], [1, 2, 3]]


def test_a_group_that_gets_too_few_results_fails_its_callers() -> None:
    def forget_the_last(items: Sequence[int]) -> Sequence[int]:
        return items[:-1]

    group, go_on = held(forget_the_last)
    futures = [group.submit(number) for number in range(3)]
    go_on.set()
    group.close()
    assert [type(future.exception(0)) for future in futures] == [ValueError] * 3


@pytest.mark.parametrize("ending", [SystemExit, KeyboardInterrupt])
def test_an_exception_that_ends_programs_reaches_the_whole_group_and_later_groups_succeed(
    ending: type[BaseException],
) -> None:
    calls = list[Sequence[int]]()

    def fail_once(items: Sequence[int]) -> Sequence[int]:
        calls.append(items)
        if len(calls) == 2:
            raise ending
        return items

    group, go_on = held(fail_once)
    first = group.submit(0)
    until_running(first)
    futures = [group.submit(number) for number in range(1, 4)]
    go_on.set()
    assert first.result(SECONDS) == 0
    assert [type(future.exception(SECONDS)) for future in futures] == [ending] * 3
    assert group.submit(4).result(SECONDS) == 4
    group.close()
    assert calls == [[0], [1, 2, 3], [4]]
