"""The process that keeps a SQLite file locked, named in the error of those that waited for it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import BEAT_SECONDS, DAEMON
from airbook.eventlog.sqlite.lease import held_heartbeat

# Linux lists all locks of files. A writer locks this byte: https://www.sqlite.org/walformat.html
LOCKS = Path("/proc/locks")
WRITE_LOCK = 120
LOCKED = "The store {store} is busy: process {holder} has kept it locked for {seconds} s or longer."


def busy(path: Path, waited: float) -> StoreError:
    """Return the error about a locked file. waited: for so many seconds."""
    heartbeat = held_heartbeat(path.with_name(f"{path.name}.{DAEMON}"))
    silent = heartbeat.age() if heartbeat else 0.0  # a daemon that holds the lock writes none
    pid = holder_of(path)
    if pid is None and heartbeat and silent > 2 * BEAT_SECONDS:
        pid = heartbeat.pid
    seconds = int(max(waited, silent) if heartbeat and pid == heartbeat.pid else waited)
    if pid in {None, os.getpid()} or seconds < 1:
        return StoreError("store_busy", path)
    return StoreError("store_busy", path, LOCKED, holder=pid or 0, seconds=seconds)


def holder_of(path: Path) -> int | None:
    """Return the process that holds the write lock of a file; None if the system does not tell.

    The file itself is not opened: to close it again would release the locks of this process.
    """
    with suppress(OSError):
        status = os.stat(f"{path}-shm")  # noqa: PTH116 -- the same as Path's
        device = status.st_dev
        inode = f"{os.major(device):02x}:{os.minor(device):02x}:{status.st_ino}"
        for line in LOCKS.read_text().splitlines():
            match line.split():
                case [_, "POSIX", _, "WRITE", pid, place, first, last] if (
                    place == inode and int(pid) > 0 and covers(first, last)
                ):
                    return int(pid)
                case _:
                    pass
    return None


def covers(first: str, last: str) -> bool:
    """Return whether a locked range of bytes contains the write lock."""
    return int(first) <= WRITE_LOCK and (last == "EOF" or int(last) >= WRITE_LOCK)
