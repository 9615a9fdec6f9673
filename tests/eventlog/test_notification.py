"""A commit in one process wakes those who wait in others."""

from __future__ import annotations

from functools import partial

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from tests.support.other_processes import commit_once_somebody_listens, wait_for_a_commit
from tests.support.processes import SECONDS, at_once
from tests.support.stores import recorder_of


def test_who_was_woken_before_waiting_does_not_wait(any_log: Log) -> None:
    with any_log.listener() as listener:
        recorder_of(any_log).notifier.wake()
        assert listener.wait(SECONDS)
        assert not listener.wait(0)


def test_everyone_who_waits_is_woken(any_log: Log) -> None:
    with any_log.listener() as first, any_log.listener() as second, any_log.listener() as third:
        recorder_of(any_log).notifier.wake()
        assert [one.wait(SECONDS) for one in (first, second, third)] == [True] * 3


@pytest.mark.process
def test_a_commit_wakes_a_listener_in_another_process(log: Log, store: Store) -> None:
    waiting = partial(wait_for_a_commit, store)
    assert at_once(waiting, partial(commit_once_somebody_listens, store)) == [True, True]
