"""The file of a log as it was opened: notices that it was taken away, replaced or linked."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from os.path import samestat
from pathlib import Path

from airbook.eventlog.errors import StoreError
from airbook.eventlog.sqlite.wal_owner import forget_owner, is_owner, note_owner


class OpenedFile:
    """Remembers which files were opened, because a name can lead to another file later.

    is_static: the file is read without locks, because it is closed and cannot be written here.

    A program that has a file open can go on writing to it after it was removed, and nobody would
    find there what it acknowledged. A file that is overwritten in its place stays the same file,
    and is not noticed here.
    """

    def __init__(self, path: Path) -> None:
        """path: the file, which exists. Raises StoreError and OSError."""
        self.path = path
        self._name = str(path)
        self.wal, self._shm = f"{path}-wal", f"{path}-shm"
        self._opened_wal: os.stat_result | None = None
        self._opened_shm: os.stat_result | None = None
        self.is_static = False
        self._opened = os.stat(path)  # noqa: PTH116
        self.check_name()

    def check_name(self) -> None:
        """Raise StoreError unless the name leads to the opened file, and no other name does.

        SQLite keeps a write-ahead log beside each name: what is written under one name is not seen
        under the other, and is lost when either log is moved into the file.
        """
        found = self._found()
        if found.st_nlink > 1 and stat.S_ISREG(found.st_mode):
            raise StoreError("store_linked", self.path)

    def check_is_there(self) -> None:
        """Raise StoreError unless the file and its write-ahead log are those that were opened."""
        found = self._found()
        if self.is_static:
            before = self._opened.st_mtime_ns, self._opened.st_size
            if self._has_wal() or before != (found.st_mtime_ns, found.st_size):
                raise StoreError("store_busy", self.path)  # a program elsewhere writes to it
        elif self._opened_wal is None:
            self.note_wal()  # a new file has one from its first transaction on
        elif not is_same(self.wal, self._opened_wal):
            self._found()  # the file itself may have gone a moment later
            raise StoreError("store_wal_gone", self.path)

    def expect_no_writer(self) -> None:
        """Note that the file is read without locks, as a closed one that cannot be written here.

        Raises StoreError if its write-ahead log was not emptied.
        """
        if self._has_wal():
            raise StoreError("store_unclosed", self.path)
        self.is_static = True

    def _has_wal(self) -> bool:
        try:
            return os.stat(self.wal).st_size > 0  # noqa: PTH116
        except OSError:
            return False

    def check_wal(self) -> None:
        """Raise StoreError if the write-ahead log was removed, before a connection makes another.

        SQLite removes the index (-shm) first, then the log (-wal), and makes them in the reverse
        order: the index alone is found only after somebody removed the log.
        """
        if os.path.exists(self.wal):  # noqa: PTH110 -- each command pays for this
            return
        with suppress(FileNotFoundError):
            index = os.stat(self._shm)  # noqa: PTH116
            if not os.path.exists(self.wal) and is_same(self._shm, index):  # noqa: PTH110
                raise StoreError("store_wal_gone", self.path)

    def note_wal(self) -> None:
        """Remember the write-ahead log that a new connection has opened, and its index."""
        is_new = self._opened_wal is None
        with suppress(FileNotFoundError):
            self._opened_wal = os.stat(self.wal)  # noqa: PTH116
            self._opened_shm = os.stat(self._shm)  # noqa: PTH116
            if is_new:
                note_owner(self._name, self._opened, self._opened_wal)

    def is_in_place(self) -> bool:
        """Return whether the name leads to the opened file."""
        return is_same(self._name, self._opened)

    def has_own_wal(self) -> bool:
        """Return whether the write-ahead log beside the name is not that of another file by now."""
        return is_owner(self._name, self._opened)

    def forget_wal(self) -> None:
        """Remove the note about a write-ahead log that is gone."""
        forget_owner(self._name, self._opened)

    def remove_wal(self) -> None:
        """Remove the empty write-ahead log of a file that was taken away, and its index."""
        for name, opened in ((self._shm, self._opened_shm), (self.wal, self._opened_wal)):
            if opened is not None and is_same(name, opened):
                Path(name).unlink(missing_ok=True)

    def _found(self) -> os.stat_result:
        """Return the state of the file. Raises StoreError unless it is the one that was opened."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 -- each commit pays for this
        except (FileNotFoundError, NotADirectoryError):
            raise StoreError("store_gone", self.path) from None
        except OSError as error:
            raise StoreError("store_unreachable", self.path) from error
        if found.st_ino != self._opened.st_ino or found.st_dev != self._opened.st_dev:
            raise StoreError("store_gone", self.path)
        return found


def is_same(path: str, opened: os.stat_result) -> bool:
    """Return whether a name leads to the file that was opened."""
    try:
        return samestat(os.stat(path), opened)  # noqa: PTH116 -- each commit pays for this
    except OSError:
        return False


def can_only_be_read(path: Path) -> bool:
    """Return whether a file can be read, and it or its folder cannot be written."""
    return os.access(path, os.R_OK) and not (
        os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    )
