"""The log of a standby daemon: which process decides, and again when that changes."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.daemon.standby_log import LOOK_SECONDS, StandbyLog
from airbook.eventlog.errors import StoreError, Trouble
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.partition import WHOLE, Partition
from tests.daemon.clock import Clock
from tests.daemon.logged import Logged


class StandingBy:
    """A daemon that stands by. heartbeats: those of the daemons that decide, or an error."""

    def __init__(self, *partitions: Partition) -> None:
        self.heartbeats: Mapping[str, Heartbeat] | StoreError = {}
        self._clock = Clock()
        self._logged = Logged()
        self._standby_log = StandbyLog(
            self._logged.logger, partitions or (WHOLE,), self._look, self._clock.monotonic
        )

    def _look(self) -> Mapping[str, Heartbeat]:
        if isinstance(self.heartbeats, StoreError):
            raise self.heartbeats
        return self.heartbeats

    def said(self, after: float = LOOK_SECONDS) -> Sequence[Mapping[str, Any]]:
        """Return what is logged after some seconds, without what each line has."""
        self._clock.seconds += after
        self._standby_log.tick()
        own = {"event": "standing_by", "log_level": "info", "pid": os.getpid()}
        lines: list[dict[str, Any]] = [dict(line) for line in self._logged.lines()]
        assert [{name: line.pop(name) for name in own} for line in lines] == [own] * len(lines)
        return lines


def test_the_process_that_decides_is_named_once_and_again_when_it_changes() -> None:
    standing_by = StandingBy()
    standing_by.heartbeats = {"daemon": Heartbeat(17, 1.0)}
    assert standing_by.said() == [{"decider_pid": 17}]
    standing_by.heartbeats = {"daemon": Heartbeat(17, 2.0)}
    assert standing_by.said() == []
    standing_by.heartbeats = {}
    assert standing_by.said() == []
    standing_by.heartbeats = {"daemon": Heartbeat(17, 4.0, "gimpo")}
    assert standing_by.said() == [{"decider_pid": 17, "decider_host": "gimpo"}]
    standing_by.heartbeats = {"daemon": Heartbeat(18, 5.0, "gimpo")}
    assert standing_by.said() == [{"decider_pid": 18, "decider_host": "gimpo"}]


def test_a_lease_tells_its_process_and_on_a_server_its_machine(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.create_if_missing()
        lease = store.lease()
        assert lease.acquire()
        heartbeats = airbook.log.diagnostics.heartbeats()
        lease.release()
    host = socket.gethostname() if isinstance(store, PostgresStore) else None
    assert {name: (one.pid, one.host) for name, one in heartbeats.items()} == {
        "daemon": (os.getpid(), host)
    }


def test_a_daemon_stands_by_before_it_knows_who_decides() -> None:
    standing_by = StandingBy()
    assert standing_by.said() == [{}]
    standing_by.heartbeats = {"daemon-standby": Heartbeat(3, 1.0)}
    assert standing_by.said() == []
    standing_by.heartbeats = {"daemon": Heartbeat(17, 1.0)}
    assert standing_by.said() == [{"decider_pid": 17}]


def test_it_looks_once_a_second() -> None:
    standing_by = StandingBy()
    assert standing_by.said(0) == [{}]
    standing_by.heartbeats = {"daemon": Heartbeat(17, 1.0)}
    assert standing_by.said(0.75 * LOOK_SECONDS) == []
    assert standing_by.said(0.25 * LOOK_SECONDS) == [{"decider_pid": 17}]


def test_each_partition_has_a_line() -> None:
    standing_by = StandingBy(Partition(1, 2), Partition(2, 2))
    first, second = Heartbeat(17, 1.0), Heartbeat(18, 1.0)
    standing_by.heartbeats = {"daemon-1-of-2": first, "daemon-2-of-2": first}
    assert standing_by.said() == [
        {"partition": 1, "decider_pid": 17},
        {"partition": 2, "decider_pid": 17},
    ]
    standing_by.heartbeats = {"daemon-1-of-2": first, "daemon-2-of-2": second}
    assert standing_by.said() == [{"partition": 2, "decider_pid": 18}]


@pytest.mark.parametrize("code", ["store_busy", "store_uncertain"])
def test_a_store_that_does_not_answer_changes_nothing(code: Trouble) -> None:
    standing_by = StandingBy()
    standing_by.heartbeats = StoreError(code, "a store")
    assert standing_by.said() == [{}]
    standing_by.heartbeats = {"daemon": Heartbeat(17, 1.0)}
    assert standing_by.said() == [{"decider_pid": 17}]
    standing_by.heartbeats = StoreError(code, "a store")
    assert standing_by.said() == []


def test_a_damaged_store_is_an_error() -> None:
    standing_by = StandingBy()
    standing_by.heartbeats = StoreError("store_damaged", "a store")
    with pytest.raises(StoreError) as error:
        standing_by.said()
    assert error.value.code == "store_damaged"
