"""The digests of a SQL database: one row for each commit."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.eventlog.chain import BEGINNING, check_digest
from airbook.eventlog.errors import DamagedRow, check_types
from airbook.eventlog.registry import Datastore
from airbook.eventlog.rows import DigestRow
from airbook.eventlog.sql import DIGESTED, Statements


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
        return self._read(self._sql.digests_after, *place, limit)

    def _first(self, statement: str, *values: object) -> DigestRow | None:
        return next(iter(self._read(statement, *values)), None)

    def _read(self, statement: str, *values: object) -> Sequence[DigestRow]:
        rows = [DigestRow(*row) for row in self._datastore.read(statement, *values)]
        try:
            check_types(rows, DIGESTED)
            for row in rows:
                check_digest(row)
        except DamagedRow as error:
            raise self._datastore.damaged() from error
        return rows
