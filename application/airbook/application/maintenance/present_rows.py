"""The present rows of a read model: the latest in memory, the others in a temporary file."""

from __future__ import annotations

import os
from tempfile import TemporaryFile
from typing import Generic, TypeVar

from msgspec import Struct, msgpack, structs

from airbook.application.maintenance.number_table import NumberTable

Row = TypeVar("Row", bound=Struct)
MAX_IN_MEMORY = 10_000
LENGTH_BITS = 20  # of a place in the file; the rest is the offset


class PresentRows(Generic[Row]):
    """The present row of each key, with the position since which it is true."""

    def __init__(self, row: type[Row]) -> None:
        self._row = row
        self._latest: dict[int, tuple[Row, int]] = {}
        self._places = NumberTable()
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 -- it lives as long as this object
        self._size = 0

    def get(self, key: int) -> tuple[Row, int] | None:
        """Return the row of a key and its position; None if there is no row."""
        found = self._latest.get(key)
        if found is None and (place := self._places[key]):
            offset, length = divmod(place, 1 << LENGTH_BITS)
            *values, since = msgpack.decode(os.pread(self._file.fileno(), length, offset))
            found = self._row(*values), since
        return found

    def put(self, key: int, row: Row, since: int) -> None:
        """Replace the row of a key."""
        self._latest[key] = row, since
        if len(self._latest) > MAX_IN_MEMORY:
            self._write()

    def _write(self) -> None:
        written = bytearray()
        for key, (row, since) in self._latest.items():
            encoded = msgpack.encode((*structs.astuple(row), since))
            self._places[key] = self._size + len(written) << LENGTH_BITS | len(encoded)
            written += encoded
        self._file.write(written)
        self._size += len(written)
        self._latest.clear()

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
