"""A front waits for the daemon, and stops to do so when the daemon does not do the work."""

from __future__ import annotations

import pytest

from airbook.application import daemon_patience
from airbook.application.daemon_patience import IMPATIENT_SECONDS, MOST_IN_VAIN, DaemonPatience
from tests.daemon.clock import Clock


class Waited:
    """What a front has waited for. in_time: whether the daemon does its work in time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock()
        self.times = 0
        self.in_time = self.is_running = True
        monkeypatch.setattr(daemon_patience, "time", self.clock)
        monkeypatch.setattr(daemon_patience, "poll_until", self._poll)
        self._patience = DaemonPatience(lambda: self.is_running)

    def _poll(self, *_: object) -> bool:
        self.times += 1
        return self.in_time

    def read(self, times: int = 1, *, is_done: bool = False) -> int:
        """Read so many times; return how often the front has waited by now."""
        for _ in range(times):
            self._patience.wait(lambda: is_done)
        return self.times


def test_a_daemon_that_does_the_work_is_waited_for_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Waited(monkeypatch).read(20) == 20


def test_nobody_waits_for_what_is_done_or_without_a_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = Waited(monkeypatch)
    assert waited.read(20, is_done=True) == 0
    waited.is_running = False
    assert waited.read(20) == 0


def test_a_daemon_that_does_not_do_the_work_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited = Waited(monkeypatch)
    waited.in_time = False
    assert waited.read(20) == MOST_IN_VAIN
    waited.clock.seconds += IMPATIENT_SECONDS
    waited.in_time = True
    assert waited.read(5) == MOST_IN_VAIN + 5


def test_only_waits_in_vain_that_follow_each_other_count(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = Waited(monkeypatch)
    for in_time in (False, False, True) * 5:
        waited.in_time = in_time
        waited.read()
    assert waited.times == 15
