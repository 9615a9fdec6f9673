"""Creating the file of a log, and tables in a file that other processes create at the same time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
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
        # Programs may have a removed file open, with these files: a new store needs its own.
        for suffix in ("-wal", "-shm"):
            if not path.exists():
                Path(f"{path}{suffix}").unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return OpenedFile(path)


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
