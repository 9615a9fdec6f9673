"""Who decides: one daemon at a time holds the lease, and its heartbeat shows that it lives."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from msgspec import Struct, ValidationError, json

from airbook.eventlog.errors import explained

BEAT_SECONDS = 0.5
STALE_SECONDS = 5.0
WIDTH = 256


class Heartbeat(Struct, frozen=True):
    """The last sign of life of a daemon. pid: its process. at: seconds since 1970."""

    pid: int
    at: float

    def age(self) -> float:
        """Tell how long ago that was, in seconds."""
        return max(0.0, time.time() - self.at)


class Lease(Protocol):
    """What one daemon at a time holds. Everything raises StoreError.

    retry_seconds: how often to try while another daemon has it.
    """

    retry_seconds: float

    def acquire(self) -> bool:
        """Try once to take it; False while another daemon has it."""
        ...

    def beat(self) -> bool:
        """Show that we are alive; False if it is no longer ours."""
        ...

    def release(self) -> None:
        """Let another daemon have it."""
        ...


class FileLease:
    """A locked file beside the log.

    The operating system frees the lock of a process that dies, so another takes over at once. One
    that hangs loses the lease too: after STALE_SECONDS without a heartbeat its file is replaced,
    and it finds that out at its next beat.
    """

    retry_seconds = 0.02

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._beaten = float("-inf")

    def acquire(self) -> bool:
        """Try once to take the lease; False while another daemon has it. Raises StoreError."""
        with explained(self.path):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            heartbeat = read(self.path)
            if heartbeat is not None and heartbeat.age() > STALE_SECONDS:
                with suppress(FileNotFoundError):
                    self.path.unlink()
            return False
        self._descriptor, self._beaten = descriptor, float("-inf")
        return self.beat()

    def beat(self) -> bool:
        """Show that we are alive; False if the lease is no longer ours. Raises StoreError."""
        if self._descriptor is None or not self._is_ours(self._descriptor):
            self.release()
            return False
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._beaten = time.monotonic()
            sign = json.encode(Heartbeat(os.getpid(), time.time()))
            with explained(self.path):
                os.pwrite(self._descriptor, sign.ljust(WIDTH), 0)
        return True

    def _is_ours(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let another daemon have it."""
        if self._descriptor is not None:
            if self._is_ours(self._descriptor):
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def read(path: Path) -> Heartbeat | None:
    """Read the last heartbeat, of a daemon dead or alive; None if none was left behind."""
    try:
        return json.decode(path.read_bytes(), type=Heartbeat)
    except (OSError, ValidationError, ValueError):
        return None


def alive(path: Path) -> Heartbeat | None:
    """Read the heartbeat of the daemon that runs; None if none does, or if it hangs."""
    heartbeat = read(path)
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
