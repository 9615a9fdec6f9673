"""The log lines of a standby daemon: which daemons decide, and again when that changes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from structlog.typing import FilteringBoundLogger

from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import DAEMON, Heartbeat
from airbook.eventlog.partition import Partition

LOOK_SECONDS = 1.0


class StandbyLog:
    """Logs that a daemon stands by, with the process that decides each partition."""

    def __init__(
        self,
        log: FilteringBoundLogger,
        partitions: Sequence[Partition],
        heartbeats: Callable[[], Mapping[str, Heartbeat]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """heartbeats: returns those of the running daemons, by the name of the lease they hold."""
        self._log = log
        self._partitions = partitions
        self._heartbeats = heartbeats
        self._monotonic = monotonic
        self._look_at = float("-inf")
        self._known: dict[Partition, dict[str, Any]] | None = None

    def tick(self) -> None:
        """Look once a second which daemons decide; log those that are new. Raises StoreError."""
        if self._monotonic() < self._look_at:
            return
        self._look_at = self._monotonic() + LOOK_SECONDS
        deciders = self._deciders()
        if self._known is None and not deciders:
            self._log.info("standing_by", pid=os.getpid())
        for partition, fields in deciders.items():
            if self._known is None or self._known.get(partition) != fields:
                self._log.info("standing_by", pid=os.getpid(), **fields)
        self._known = {**(self._known or {}), **deciders}

    def _deciders(self) -> dict[Partition, dict[str, Any]]:
        """Return the fields that name the process of each partition, as far as they are known."""
        try:
            heartbeats = self._heartbeats()
        except StoreError as error:
            if not error.passing:
                raise
            return {}
        return {
            partition: fields_of(partition, heartbeat)
            for partition in self._partitions
            if (heartbeat := heartbeats.get(DAEMON + partition.suffix))
        }


def fields_of(partition: Partition, decider: Heartbeat) -> dict[str, Any]:
    """Return the fields of a line that names the process of a partition."""
    return {
        **({"partition": partition.number} if partition.of > 1 else {}),
        "decider_pid": decider.pid,
        **({"decider_host": decider.host} if decider.host else {}),
    }
