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
    STANDBY,
    TAKEOVER_SECONDS,
    Heartbeat,
    Heartbeats,
    HeartbeatWatch,
)
from airbook.eventlog.sqlite.errors import translate_errors

WIDTH = 256


class FileLease:
    """A locked file beside the log.

    The operating system frees the lock of a process that dies, so that another daemon takes over at
    once. A daemon that hangs loses the lease too: after TAKEOVER_SECONDS without a new heartbeat,
    another daemon removes the file. The hanging daemon sees that at its next heartbeat.

    The lease is that of one file: it is worth nothing once another file is in its place.
    """

    retry_seconds = 0.02

    def __init__(self, path: Path, log: Path) -> None:
        """path: the file of the lease. log: the file of the log."""
        self.path = path
        self._log = log
        self._file: str | None = None
        self._descriptor: int | None = None
        self._beaten = float("-inf")
        self._watch = HeartbeatWatch(away_seconds=TAKEOVER_SECONDS / 2)

    def acquire(self) -> bool:
        """Try once to take the lease; return False while another daemon holds it.

        Raises StoreError, also (store_gone) if the log has no file.
        """
        self._file = file_id(self._log)
        if self._file is None:
            raise StoreError("store_gone", self._log)
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
        if self._watch.seconds_unchanged(seen) > TAKEOVER_SECONDS and self._is_held(descriptor):
            with suppress(FileNotFoundError):
                self.path.unlink()

    def beat(self) -> bool:
        """Write a heartbeat; return False if the lease is lost.

        The lease is the lock: a disk without room for a heartbeat takes it from nobody. Raises
        StoreError (store_gone) if another file is in the place of the log.
        """
        if self._descriptor is None:
            return False
        if file_id(self._log) != self._file:
            raise StoreError("store_gone", self._log)
        if not self._is_held(self._descriptor):
            self.release()
            return False
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._beaten = time.monotonic()
            now = time.monotonic_ns()
            heartbeat = Heartbeat(os.getpid(), self._beaten, number=now, file=self._file)
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


def file_id(path: Path | str) -> str | None:
    """Return the name that the system itself gives a file; None if there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 -- a beat pays for this
    except OSError:
        return None
    return id_of(found)


def id_of(found: os.stat_result) -> str:
    """Return the name that the system itself gives a file."""
    return f"{found.st_dev}:{found.st_ino}"


def held_heartbeats(log: Path) -> Mapping[str, Heartbeat]:
    """Return the last heartbeats of the daemons that hold a lease of a log, by its name.

    log: the file of the log. A standby daemon is not in the result.
    """
    own = {None, file_id(log)}
    return {name: one for name, one in held_leases(log).items() if one.file in own}


def strays(log: Path) -> Mapping[str, Heartbeat]:
    """Return the heartbeats of daemons that hold a lease and work on a file that is gone."""
    own = {None, file_id(log)}
    return {name: one for name, one in held_leases(log).items() if one.file not in own}


def held_leases(log: Path) -> Mapping[str, Heartbeat]:
    """Return the heartbeats beside a log, also those of daemons on a file that is gone."""
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
