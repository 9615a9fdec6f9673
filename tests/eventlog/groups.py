"""Transactions, results that can be compared, and a group commit that waits for a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any, TypeVar

from hypothesis import strategies

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.refusal import Refused
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.records import (
    Append,
    Conflict,
    Customer,
    Receipt,
    Transaction,
    TransactionResult,
)
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION
from tests.support.processes import SECONDS
from tests.support.stories import NINE
from tests.support.waiting import until

Item = TypeVar("Item")
Result = TypeVar("Result")
Comparable = Receipt | type[Conflict] | tuple[str, str]


CREATED = AirplaneCreated(5)


KIM = Customer("c1", "kim")


STALE = Append("airplane", 1, 0, (CREATED,))


def comparable(result: TransactionResult) -> Comparable:
    """Return a result in a form that equals another result like it."""
    match result:
        case Receipt():
            return result
        case Refused(code=code, values=values):
            return code, str(values["key"])
        case _:
            return type(result)


def only(*appends: Append) -> Transaction:
    return Transaction(at=NINE, appends=appends)


numbers = strategies.integers(1, 3)


versions = strategies.integers(0, 3)


def older(number: int, version: int, events: int) -> Append:
    """Describe an append to a stream that exists; version 0 appends no events."""
    return Append("airplane", number, version, [CREATED] * events if version else [])


appends = strategies.just([NEW_AIRPLANE]) | strategies.lists(
    strategies.just(NEW_RESERVATION)
    | strategies.builds(older, numbers, versions, strategies.integers(0, 2)),
    max_size=2,
)


THREADS, TIMES = 16, 20


def at_the_same_time(work: Callable[[int], Sequence[Comparable]]) -> list[Sequence[Comparable]]:
    """Call a function in many threads, which begin together."""
    together = Barrier(THREADS, timeout=SECONDS)

    def begin(thread: int) -> Sequence[Comparable]:
        together.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begin, range(THREADS)))


def held(
    execute: Callable[[Sequence[Item]], Sequence[Result]],
) -> tuple[GroupCommit[Item, Result], Event]:
    """Return a group commit that executes nothing before an event, so that items queue up."""
    go_on = Event()

    def wait_and_execute(items: Sequence[Item]) -> Sequence[Result]:
        assert go_on.wait(SECONDS)
        return execute(items)

    return GroupCommit(wait_and_execute), go_on


def until_running(future: Future[Any]) -> None:
    """Wait until the group of a future is complete, so that later items are in another group."""
    until(future.running, "the writer thread to execute a group")
