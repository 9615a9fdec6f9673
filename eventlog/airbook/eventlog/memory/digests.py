"""The digests of a log in memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from airbook.eventlog.chain import BEGINNING
from airbook.eventlog.rows import DigestRow


class MemoryDigests:
    """Keeps the digests in a list."""

    def __init__(self) -> None:
        self.rows: list[DigestRow] = []

    def last(self) -> DigestRow:
        """Return the digest of the last commit, or BEGINNING."""
        return self.rows[-1] if self.rows else BEGINNING

    def covering(self, position: int) -> DigestRow | None:
        """Return the digest of the commit that stored the event at a position."""
        place = bisect_left(self.rows, position, key=lambda row: row.position)
        return self.rows[place] if place < len(self.rows) else None

    def after(self, digest: DigestRow, limit: int) -> Sequence[DigestRow]:
        """List the digests after one of them, oldest first, at most `limit`."""
        first = bisect_right(self.rows, digest[:2], key=lambda row: row[:2])
        return self.rows[first : first + limit]
