"""Leases of a SQLite store: locked files beside the log, with a heartbeat in each."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import ValidationError, json

from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import (
    BEAT_SECONDS,
    DAEMON,
    STALE_SECONDS,
    STANDBY,
    Heartbeat,
    Heartbeats,
    HeartbeatWatch,
)
from airbook.eventlog.sqlite.errors import translate_errors

WIDTH = 256


class FileLease:
    """A locked file beside the log.

    The operating system frees the lock of a process that dies, so that another daemon takes over at
    once. A daemon that hangs loses the lease too: after STALE_SECONDS without a new heartbeat,
    another daemon removes the file. The hanging daemon sees that at its next heartbeat.
    """

    retry_seconds = 0.02

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._beaten = float("-inf")
        self._watch = HeartbeatWatch(away_seconds=STALE_SECONDS / 2)

    def acquire(self) -> bool:
        """Try once to take the lease; return False while another daemon holds it.

        Raises StoreError.
        """
        with translate_errors(self.path):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                self._remove_if_stale(descriptor)
            finally:
                os.close(descriptor)
            return False
        self._descriptor, self._beaten = descriptor, float("-inf")
        return self.beat()

    def _remove_if_stale(self, descriptor: int) -> None:
        heartbeat = heartbeat_in(os.pread(descriptor, WIDTH, 0))
        if heartbeat is None:  # the disk may have no room for it
            return
        seen = (os.fstat(descriptor).st_ino, heartbeat)
        if self._watch.seconds_unchanged(seen) > STALE_SECONDS and self._is_held(descriptor):
            with suppress(FileNotFoundError):
                self.path.unlink()

    def beat(self) -> bool:
        """Write a heartbeat; return False if the lease is lost.

        The lease is the lock: a disk without room for a heartbeat takes it from nobody.
        """
        if self._descriptor is None or not self._is_held(self._descriptor):
            self.release()
            return False
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._beaten = time.monotonic()
            heartbeat = Heartbeat(os.getpid(), self._beaten, number=time.monotonic_ns())
            with suppress(StoreError), translate_errors(self.path):
                os.pwrite(self._descriptor, json.encode(heartbeat).ljust(WIDTH), 0)
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
                with suppress(OSError):  # blanks keep room on the disk for the next daemon
                    os.pwrite(self._descriptor, b"".ljust(WIDTH), 0)
            os.close(self._descriptor)
            self._descriptor = None


def held_heartbeats(log: Path) -> Mapping[str, Heartbeat]:
    """Return the last heartbeats of the daemons that hold a lease of a log, by its name.

    log: the file of the log. A standby daemon is not in the result.
    """
    prefix = f"{log.name}."
    try:
        names = os.listdir(log.parent)  # noqa: PTH208 -- each command pays for this
    except OSError:
        return {}
    found = {
        name.removeprefix(prefix): held_heartbeat(log.with_name(name))
        for name in names
        if name.startswith(prefix + DAEMON) and name != prefix + STANDBY
    }
    return {name: heartbeat for name, heartbeat in found.items() if heartbeat}


def last_heartbeat(path: Path) -> Heartbeat | None:
    """Read the heartbeat in a lease's file, of a dead or running daemon; None if it has none."""
    try:
        return heartbeat_in(path.read_bytes())
    except OSError:
        return None


def heartbeat_in(contents: bytes) -> Heartbeat | None:
    """Decode a heartbeat; None if there is none."""
    try:
        return json.decode(contents, type=Heartbeat)
    except (ValidationError, ValueError):
        return None


def held_heartbeat(path: Path) -> Heartbeat | None:
    """Read the last heartbeat of the process that holds a lease; None if no process does."""
    heartbeat = last_heartbeat(path)
    if heartbeat is None:
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


def live_heartbeat(path: Path) -> Heartbeat | None:
    """Read the heartbeat of the daemon that holds a lease; None if no daemon does, or it hangs."""

    def look() -> Mapping[str, Heartbeat]:
        held = held_heartbeat(path)
        return {path.name: held} if held else {}

    return Heartbeats(look).living().get(path.name)
