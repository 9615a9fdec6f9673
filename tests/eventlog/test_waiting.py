"""Waiting for the log to grow and for conditions: how long, how often asked, with what answer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from typing import cast

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog import subscription
from airbook.eventlog.log import Log
from airbook.eventlog.subscription import poll_until, ticks, wait_until
from tests.support.processes import SECONDS
from tests.support.stories import of_airplane, record


class Clock:
    """A clock that only moves when it is slept or waited on, or by `step` when it is read.

    It takes the place of the module `time`, and of the log whose listener waits and which is always
    there: it is at 8 when a test begins. slept: the seconds of each wait.
    """

    def __init__(self, step: float = 0.0) -> None:
        self.now = 8.0 - step
        self.step = step
        self.slept = list[float]()
        self.diagnostics = self

    def check_is_there(self) -> None:
        """Do nothing."""

    def monotonic(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def wait(self, seconds: float) -> bool:
        self.sleep(seconds)
        return False

    @contextmanager
    def listener(self) -> Generator[Clock]:
        yield self


def after(times: int) -> tuple[Callable[[], bool], list[bool]]:
    """Return a condition that is true when it is asked once more than `times`, and its answers."""
    answers = list[bool]()

    def condition() -> bool:
        answers.append(len(answers) == times)
        return answers[-1]

    return condition, answers


def use(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.setattr(subscription, "time", clock)
    return cast("Log", clock)


def test_a_tick_says_whether_a_wake_up_came(any_log: Log) -> None:
    seconds = iter((0.0, SECONDS))
    with closing(ticks(any_log, stop=lambda: False, seconds=lambda: next(seconds))) as ticking:
        first, without = next(ticking), next(ticking)
        record(any_log, *of_airplane(1, AirplaneCreated(5)))
        assert [first, without, next(ticking)] == [True, False, True]


def test_a_subscriber_that_stops_during_a_tick_waits_for_nothing(any_log: Log) -> None:
    stopped = list[bool]()
    waits = list[float]()

    def seconds() -> float:
        waits.append(0.0)
        return 0.0

    for woken in ticks(any_log, stop=lambda: bool(stopped), seconds=seconds):
        stopped.append(woken)
    assert (stopped, waits) == ([True], [])


def test_a_condition_is_asked_whenever_the_log_has_grown(any_log: Log) -> None:
    asked = list[int]()

    def condition() -> bool:
        asked.append(record(any_log, *of_airplane(len(asked) + 1, AirplaneCreated(5))))
        return len(asked) == 3

    assert wait_until(any_log, condition, SECONDS) is True
    assert asked == [1, 2, 3]


def test_waiting_for_a_condition_on_the_log_ends_with_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    condition, answers = after(times=100)
    assert wait_until(use(clock, monkeypatch), condition, 0.625) is False
    assert (clock.slept, answers) == ([0.25, 0.25, 0.125], [False] * 4)


def test_no_wait_is_shorter_than_nothing_when_the_time_ends_before_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(step=0.5)
    condition, answers = after(times=100)
    assert wait_until(use(clock, monkeypatch), condition, 0.75) is False
    assert (clock.slept, answers) == ([0.0], [False] * 2)


@pytest.mark.parametrize("times", [0, 1, 2])
def test_polling_ends_with_the_condition(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    clock = Clock()
    use(clock, monkeypatch)
    condition, answers = after(times)
    assert poll_until(condition, 1.0, 0.5) is True
    assert (clock.slept, answers) == ([0.5] * times, [False] * times + [True])


def test_polling_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    use(clock, monkeypatch)
    condition, answers = after(times=100)
    assert poll_until(condition, 1.0, 0.5) is False
    assert (clock.slept, answers) == ([0.5] * 2, [False] * 3)
