"""Creating the file of a log, and tables in a file that other processes create at the same time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from airbook.eventlog.errors import StoreError
from airbook.eventlog.sqlite.connection import BUSY_SECONDS
from airbook.eventlog.sqlite.opened_file import OpenedFile


def create_file(path: Path) -> OpenedFile:
    """Create the file and its folders, for their owner alone, unless they exist.

    Raises StoreError if the file has a second name.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.parent):
            # Programs may have a removed file open, with these files: a new store needs its own.
            if not path.exists():
                for suffix in ("-wal", "-shm", ".opened"):
                    Path(f"{path}{suffix}").unlink(missing_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return OpenedFile(path)


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Lock a folder for a block: one process at a time creates a file in it.

    Another one would remove the write-ahead log of the file that has just been created. Raises
    StoreError if another program keeps the lock for too long.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        retry_while_busy(lambda: lock(descriptor, folder))
        yield
    finally:
        os.close(descriptor)


def lock(descriptor: int, folder: Path) -> None:
    """Lock an open folder. Raises StoreError if it is locked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreError("store_busy", folder) from None


def retry_while_busy(create: Callable[[], None]) -> None:
    """Create tables, and try again while another process creates the same file, or writes to it.

    SQLite does not wait when two connections turn on the write-ahead log at once.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return create()
        except StoreError as error:
            if error.code != "store_busy" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
