"""Whose write-ahead log lies beside a file: SQLite finds it by its name alone.

A file that is put in the place of another one, such as a backup, would be changed by the commits
in the write-ahead log of the other: https://www.sqlite.org/howtocorrupt.html. So whoever opens a
log notes beside it to which file its write-ahead log belongs.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from airbook.eventlog.errors import StoreError
from airbook.eventlog.sqlite.lease import file_id, id_of, strays

CLOSING_SECONDS = 1.0  # that a program gets to notice that its file is gone, and to close it
POLL_SECONDS = 0.02
LENGTH = 100  # bytes of a note, padded, so that a shorter one leaves nothing of a longer one


def note_owner(path: str, file: os.stat_result, wal: os.stat_result) -> None:
    """Note to which file the write-ahead log beside it belongs, unless that is noted already.

    file, wal: as they were opened, because the names can lead to others by now. Where nothing can
    be written, nothing is noted.
    """
    with suppress(OSError):
        note = f"{id_of(file)} {id_of(wal)}"
        if note != noted(path):
            descriptor = os.open(note_of(path), os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                if os.geteuid() == 0:  # the owner of the store must be able to read the note
                    os.fchown(descriptor, file.st_uid, file.st_gid)
                os.pwrite(descriptor, note.ljust(LENGTH).encode(), 0)
            finally:
                os.close(descriptor)


def await_owner(path: Path) -> None:
    """Give programs that work on a file that is gone a moment to close it.

    After that, an empty write-ahead log is removed, so that this file gets one of its own. Raises
    StoreError (store_replaced) if commits to the other file are in it.
    """
    deadline = time.monotonic() + CLOSING_SECONDS
    while os.path.exists(f"{path}-wal") and (has_other_owner(str(path)) or strays(path)):  # noqa: PTH110 -- each command pays for this
        if time.monotonic() > deadline:
            if has_other_owner(str(path)):
                discard_if_empty(path)
            return
        time.sleep(POLL_SECONDS)


def discard_if_empty(path: Path) -> None:
    """Remove the write-ahead log of another file, and its index. Raises StoreError with commits."""
    wal = Path(f"{path}-wal")
    with suppress(FileNotFoundError):
        if wal.stat().st_size > 0:
            raise StoreError("store_replaced", path)
        Path(f"{path}-shm").unlink(missing_ok=True)
        wal.unlink()


def has_other_owner(path: str) -> bool:
    """Return whether the write-ahead log beside a file belongs to another file.

    A file that is not there yet gets a write-ahead log of its own.
    """
    wal = f"{path}-wal"
    with suppress(OSError, ValueError):
        owner, of_wal = noted(path).split()
        return of_wal == file_id(wal) and file_id(path) not in {owner, None}
    return False


def forget_owner(path: str, file: os.stat_result) -> None:
    """Remove the note beside a file that was closed, if its write-ahead log is gone with that.

    file: as it was opened.
    """
    if not os.path.exists(f"{path}-wal") and is_owner(path, file):  # noqa: PTH110
        with suppress(OSError):
            os.unlink(note_of(path))  # noqa: PTH108 -- each command pays for this


def is_owner(path: str, file: os.stat_result) -> bool:
    """Return whether a write-ahead log is noted as that of a file, or nothing is noted.

    file: as it was opened.
    """
    with suppress(OSError):
        return noted(path).partition(" ")[0] in {"", id_of(file)}
    return True


def noted(path: str) -> str:
    """Return the note beside a file; empty without one. Raises OSError."""
    try:
        descriptor = os.open(note_of(path), os.O_RDONLY)
    except FileNotFoundError:
        return ""
    try:
        return os.read(descriptor, LENGTH).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)


def note_of(path: str) -> str:
    """Return the name of the note beside a file."""
    return f"{path}.opened"
