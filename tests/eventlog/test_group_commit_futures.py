"""The futures of a group commit: results, cancelling, callers that stop waiting, closing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Event, Thread

import pytest

from tests.eventlog.groups import held, until_running
from tests.support.processes import SECONDS
from tests.support.waiting import until


def test_what_queues_behind_a_commit_is_executed_in_one_call() -> None:
    calls = list[Sequence[int]]()

    def double(items: Sequence[int]) -> Sequence[int]:
        calls.append(items)
        return [2 * item for item in items]

    group, go_on = held(double)
    futures = [group.submit(0)]
    until_running(futures[0])
    futures += [group.submit(number) for number in range(1, 10)]
    go_on.set()
    assert [future.result(SECONDS) for future in futures] == [2 * one for one in range(10)]
    group.close()
    assert calls == [[0], list(range(1, 10))]


def test_a_cancelled_item_is_not_executed() -> None:
    executed = list[int]()

    def remember(items: Sequence[int]) -> Sequence[int]:
        executed.extend(items)
        return items

    group, go_on = held(remember)
    first = group.submit(1)
    until_running(first)
    second, third = group.submit(2), group.submit(3)
    assert second.cancel()
    go_on.set()
    group.close()
    assert (first.result(), third.result(), executed) == (1, 3, [1, 3])


def test_closing_executes_what_is_queued_and_ends_the_thread() -> None:
    group, go_on = held(tuple[int, ...])
    futures = [group.submit(number) for number in range(600)]

    def go_on_once_closed() -> None:
        until(lambda: vars(group)["_is_closed"], "the group commit to be closed")
        go_on.set()

    later = Thread(target=go_on_once_closed)
    later.start()
    group.close()
    later.join()
    assert [future.result(0) for future in futures] == list(range(600))
    assert not vars(group)["_thread"].is_alive()


class Pausing:
    """Executes items, and pauses in the call that has item 2, from `executing` to `go_on`."""

    def __init__(self) -> None:
        self.executing, self.go_on = Event(), Event()
        self.calls = list[Sequence[int]]()

    def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.calls.append(items)
        if 2 in items:
            self.executing.set()
            assert self.go_on.wait(SECONDS)
        return items


def test_a_caller_that_stops_waiting_while_its_group_is_executed_stops_no_other() -> None:
    execute = Pausing()
    group, begin = held(execute)
    futures = [group.submit(0)]
    until_running(futures[0])
    futures += [group.submit(number) for number in (1, 2, 3)]
    begin.set()
    assert execute.executing.wait(SECONDS)
    with pytest.raises(TimeoutError):
        futures[2].result(0)
    assert not futures[2].cancel()
    execute.go_on.set()
    assert [future.result(SECONDS) for future in futures] == [0, 1, 2, 3]
    assert group.submit(4).result(SECONDS) == 4
    group.close()
    assert execute.calls == [[0], [1, 2, 3], [4]]


def test_an_asynchronous_caller_cancelled_while_its_group_is_executed_stops_no_other() -> None:
    execute = Pausing()
    group, begin = held(execute)

    async def call() -> list[object]:
        first = group.submit(0)
        until_running(first)
        callers = [asyncio.wrap_future(first)]
        callers += [asyncio.wrap_future(group.submit(number)) for number in (1, 2, 3)]
        begin.set()
        assert execute.executing.wait(SECONDS)
        assert callers[2].cancel()
        await asyncio.sleep(0)  # the event loop passes the cancellation on
        execute.go_on.set()
        return list(await asyncio.gather(*callers, return_exceptions=True))

    results = asyncio.run(call())
    assert isinstance(results.pop(2), asyncio.CancelledError)
    assert results == [0, 1, 3]
    assert group.submit(4).result(SECONDS) == 4
    group.close()
    assert execute.calls == [[0], [1, 2, 3], [4]]
