"""A commit in one process wakes the listeners in other processes."""

from __future__ import annotations

from functools import partial

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from tests.support.other_processes import commit_once_a_listener_waits, wait_for_a_commit
from tests.support.processes import SECONDS, at_once
from tests.support.stores import recorder_of


def test_a_listener_woken_before_it_waits_does_not_wait(any_log: Log) -> None:
    with any_log.listener() as listener:
        recorder_of(any_log).notifier.wake()
        assert listener.wait(SECONDS)
        assert not listener.wait(0)


def test_every_listener_is_woken(any_log: Log) -> None:
    with any_log.listener() as first, any_log.listener() as second, any_log.listener() as third:
        recorder_of(any_log).notifier.wake()
        assert [one.wait(SECONDS) for one in (first, second, third)] == [True] * 3


@pytest.mark.process
def test_a_commit_wakes_a_listener_in_another_process(log: Log, store: Store) -> None:
    waiting = partial(wait_for_a_commit, store)
    assert at_once(waiting, partial(commit_once_a_listener_waits, store)) == [True, True]
