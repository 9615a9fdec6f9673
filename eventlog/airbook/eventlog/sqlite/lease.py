"""Leases of a SQLite store: locked files beside the log, with a heartbeat in each."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import ValidationError, json

from airbook.eventlog.lease import BEAT_SECONDS, DAEMON, STALE_SECONDS, STANDBY, Heartbeat
from airbook.eventlog.sqlite.errors import translate_errors

WIDTH = 256


class FileLease:
    """A locked file beside the log.

    The operating system frees the lock of a process that dies, so that another daemon takes over at
    once. A daemon that hangs loses the lease too: after STALE_SECONDS without a heartbeat, another
    daemon removes the file. The hanging daemon sees that at its next heartbeat.
    """

    retry_seconds = 0.02

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._beaten = float("-inf")

    def acquire(self) -> bool:
        """Try once to take the lease; return False while another daemon holds it.

        Raises StoreError.
        """
        with translate_errors(self.path):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            heartbeat = last_heartbeat(self.path)
            if heartbeat is not None and heartbeat.age() > STALE_SECONDS:
                with suppress(FileNotFoundError):
                    self.path.unlink()
            return False
        self._descriptor, self._beaten = descriptor, float("-inf")
        return self.beat()

    def beat(self) -> bool:
        """Write a heartbeat; return False if the lease is lost. Raises StoreError."""
        if self._descriptor is None or not self._is_held(self._descriptor):
            self.release()
            return False
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._beaten = time.monotonic()
            heartbeat = json.encode(Heartbeat(os.getpid(), time.time()))
            with translate_errors(self.path):
                os.pwrite(self._descriptor, heartbeat.ljust(WIDTH), 0)
        return True

    def _is_held(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Give the lease up, so that another daemon can take it."""
        if self._descriptor is not None:
            if self._is_held(self._descriptor):
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def heartbeats(log: Path) -> Mapping[str, Heartbeat]:
    """Return the heartbeats of the daemons that run on a log, by the name of their lease.

    log: the file of the log. A standby daemon is not in the result.
    """
    prefix = f"{log.name}."
    try:
        names = os.listdir(log.parent)  # noqa: PTH208 -- each command pays for this
    except OSError:
        return {}
    found = {
        name.removeprefix(prefix): live_heartbeat(log.with_name(name))
        for name in names
        if name.startswith(prefix + DAEMON) and name != prefix + STANDBY
    }
    return {name: heartbeat for name, heartbeat in found.items() if heartbeat}


def last_heartbeat(path: Path) -> Heartbeat | None:
    """Read the heartbeat in a lease's file, of a dead or running daemon; None if it has none."""
    try:
        return json.decode(path.read_bytes(), type=Heartbeat)
    except (OSError, ValidationError, ValueError):
        return None


def live_heartbeat(path: Path) -> Heartbeat | None:
    """Read the heartbeat of the daemon that holds a lease; None if no daemon does, or it hangs."""
    heartbeat = last_heartbeat(path)
    if heartbeat is None or heartbeat.age() > STALE_SECONDS:
        return None
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return heartbeat
        finally:
            os.close(descriptor)
    return None
