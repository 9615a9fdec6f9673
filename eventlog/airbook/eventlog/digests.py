"""The digests of a SQL database: one row for each commit."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.eventlog.chain import BEGINNING
from airbook.eventlog.registry import Datastore
from airbook.eventlog.rows import DigestRow
from airbook.eventlog.sql import Statements


class SQLDigests:
    """Reads the digests of the commits."""

    def __init__(self, datastore: Datastore, statements: Statements) -> None:
        self._datastore = datastore
        self._sql = statements

    def last(self) -> DigestRow:
        """Return the digest of the last commit, or BEGINNING. Raises StoreError."""
        return self._first(self._sql.last_digest) or BEGINNING

    def covering(self, position: int) -> DigestRow | None:
        """Return the digest of the commit that stored the event at a position."""
        return self._first(self._sql.digest_covering, position)

    def after(self, digest: DigestRow, limit: int) -> Sequence[DigestRow]:
        """List the digests after one of them, oldest first, at most `limit`."""
        place = digest.position, digest.number
        rows = self._datastore.read(self._sql.digests_after, *place, limit)
        return [DigestRow(*row) for row in rows]

    def _first(self, statement: str, *values: object) -> DigestRow | None:
        rows = self._datastore.read(statement, *values)
        return DigestRow(*rows[0]) if rows else None
