"""A subscriber gets every event, in order, as soon as it is appended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from queue import SimpleQueue
from threading import Thread

import pytest

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog import subscription
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent
from airbook.eventlog.subscription import subscribe
from tests.support.other_processes import create, read
from tests.support.processes import SECONDS, at_once
from tests.support.stores import listeners, no_listener_is_left, recorder_of
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record


def positions(batch: Sequence[RecordedEvent]) -> list[int]:
    return [recorded.position for recorded in batch]


def never() -> bool:
    return False


def test_stored_events_come_first_in_batches(any_log: Log) -> None:
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    batches = subscribe(any_log, 3, stop=never, limit=6)
    assert [positions(next(batches)) for _ in range(3)] == [
        [4, 5, 6, 7, 8, 9],
        [10, 11, 12, 13, 14, 15],
        [16, 17, 18],
    ]


def test_a_batch_is_empty_when_no_event_was_appended(
    any_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "POLL_SECONDS", 0.01)
    batches = subscribe(any_log, 0, stop=never)
    assert [list(next(batches)) for _ in range(2)] == [[], []]
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS[:1])
    assert next(batches) == any_log.after(0)
    assert list(next(batches)) == []


def test_a_subscription_that_is_stopped_leaves_no_listener(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    seen = list[int]()
    for batch in subscribe(log, 0, stop=lambda: len(seen) >= 4, limit=2):
        seen.extend(positions(batch))
        assert listeners(store) == 1
    assert seen == [1, 2, 3, 4]
    assert no_listener_is_left(store)


def test_a_subscription_that_is_closed_leaves_no_listener(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    batches = subscribe(log, 0, stop=never)
    next(batches)
    assert isinstance(batches, Iterator)
    batches.close()
    assert no_listener_is_left(store)


def test_a_subscriber_gets_a_commit_at_once_and_not_after_polling(
    any_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "POLL_SECONDS", SECONDS)
    batches: SimpleQueue[list[int]] = SimpleQueue()
    head = record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    seen = list[int]()

    def listen() -> None:
        for batch in subscribe(any_log, 0, stop=lambda: len(seen) >= head + 20):
            seen.extend(positions(batch))
            batches.put(positions(batch))

    listener = Thread(target=listen)
    listener.start()
    assert batches.get(timeout=SECONDS) == list(range(1, head + 1))
    for number in range(2, 22):
        position = record(any_log, *of_airplane(number, AirplaneCreated(5)))
        assert batches.get(timeout=SECONDS / 2) == [position]
    recorder_of(any_log).notifier.wake()  # the thread asks whether to stop when it is woken
    listener.join(SECONDS)
    assert not listener.is_alive()
    assert seen == list(range(1, head + 21))


@pytest.mark.process
@pytest.mark.parametrize("times", [250, pytest.param(2_500, marks=pytest.mark.torture)])
def test_subscribers_in_other_processes_see_every_position_while_eight_write(
    store: Store, times: int
) -> None:
    *written, first, second = at_once(
        *(partial(create, store, times) for _ in range(8)),
        *(partial(read, store, 8 * times) for _ in range(2)),
    )
    everything = list(range(1, 8 * times + 1))
    assert first == second == everything
    assert sorted(position for one in written for position in one) == everything
