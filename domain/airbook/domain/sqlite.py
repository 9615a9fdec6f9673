"""The log in one SQLite file, on the eventsourcing library's recorder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking
from eventsourcing.sqlite import SQLiteCursor

from airbook.domain.change import Append, Change, Conflict, Fenced, Key, Receipt, Tracked
from airbook.domain.refusal import Refused
from airbook.domain.sqlite_file import BUSY_SECONDS
from airbook.domain.sqlite_tables import SQLiteTables
from airbook.domain.store import StoreError, explained
from airbook.domain.vocabulary import Vocabulary, stamp

WAL_LIMIT = 8 * 1024 * 1024  # bytes; past that, whoever commits empties it
CHECKPOINT_PAGES = 1_000  # SQLite's own default
AGAIN_PAGES = 250  # when somebody was in the way
LOOK_EVERY = 64  # commits; the first of a process among them
PAGES_PER_COMMIT = 5
FACTS_PER_PAGE = 10


class SQLiteLog(SQLiteTables):
    """Appends facts, and what belongs to them, in one transaction."""

    def __init__(self, path: Path) -> None:
        """path: the file; it is made, readable by its owner alone, if it is not there yet."""
        super().__init__(path)
        self.wal = f"{path}-wal"
        self.pages = self.commits = 0

    def commit(self, change: Change, vocabulary: Vocabulary) -> Receipt:
        """Append in one transaction; see Log.commit."""
        with self.datastore.transaction(commit=True) as c:
            if change.key and (receipt := self._repeated(c, change.key)):
                return receipt
            receipt = self._append(c, change, vocabulary)
            self._keep_beside(c, change, receipt)
        facts = sum(len(append.facts) for append in change.appends)
        # What is committed stays so; the next commit meets the trouble.
        with suppress(StoreError, OSError):
            self.checkpoint(PAGES_PER_COMMIT + facts // FACTS_PER_PAGE)
        return receipt

    def repeated(self, key: Key) -> Receipt | None:
        """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
        with self.datastore.transaction(commit=False) as c:
            return self._repeated(c, key)

    def _repeated(self, c: SQLiteCursor, key: Key) -> Receipt | None:
        c.execute("SELECT contents, number, position FROM commands WHERE key = ?", (key.key,))
        row = c.fetchone()
        if row is None:
            return None
        if row["contents"] != key.contents:
            raise Refused.key_reused(key.key)
        return Receipt(row["number"], row["position"], repeated=True)

    def _append(self, c: SQLiteCursor, change: Change, vocabulary: Vocabulary) -> Receipt:
        number, stored, at = 0, list[StoredEvent](), stamp(change.at)
        versions = dict[tuple[str, int], int]()
        for append in change.appends:
            number = append.number or self._next_number(c, append)
            stream = (append.kind, number)
            if not append.facts and stream not in versions:
                versions[stream] = self._version(c, stream)
            if not append.facts and append.version != versions[stream]:
                raise Conflict
            versions[stream] = append.version + len(append.facts)
            for version, fact in enumerate(append.facts, append.version + 1):
                topic, state = vocabulary.write(fact, at)
                stored.append(StoredEvent(f"{append.kind}-{number}", version, topic, state))
        try:
            positions = self._insert_events(c, stored)
        except sqlite3.IntegrityError as error:
            raise Conflict from error
        try:
            if change.tracked:
                self._insert_tracking(c, tracking(change.tracked, positions or ()))
        except IntegrityError as error:
            raise Fenced from error
        return Receipt(number, positions[-1] if positions else 0)

    def _version(self, c: SQLiteCursor, stream: tuple[str, int]) -> int:
        kind, number = stream
        c.execute(
            "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?",
            (f"{kind}-{number}",),
        )
        return c.fetchone()[0] or 0

    def _next_number(self, c: SQLiteCursor, append: Append) -> int:
        c.execute(
            "INSERT INTO numbers VALUES (?, 1)"
            " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
            (append.kind,),
        )
        return int(c.fetchone()[0])

    def _keep_beside(self, c: SQLiteCursor, change: Change, receipt: Receipt) -> None:
        if change.key:
            key = change.key
            used = (key.key, key.contents, receipt.number, receipt.position)
            c.execute("INSERT INTO commands VALUES (?, ?, ?, ?)", used)
        if change.customer:
            try:
                who = (change.customer.id, change.customer.name)
                c.execute("INSERT INTO customers VALUES (?, ?)", who)
            except sqlite3.IntegrityError as error:
                raise Conflict from error
        for one in change.parked:
            row = (one.reservation, one.position, one.error, one.at, one.again, one.dropped)
            c.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?)", row)
        for number in change.settled:
            c.execute("DELETE FROM parked WHERE reservation = ?", (number,))

    def checkpoint(self, pages: int) -> None:
        """Move the write-ahead log into the file once enough has been written.

        pages: about how many were written, here or elsewhere, since the last call. SQLite before
        3.51.3 can lose a commit that resets the write-ahead log while a second checkpoint runs
        (https://www.sqlite.org/wal.html#walresetbug). RESTART and TRUNCATE take the write lock, so
        no commit can come between. RESTART keeps the file, and syncing is quicker where a file
        does not grow.
        """
        self.pages += pages
        self.commits += 1
        large = self.commits % LOOK_EVERY == 1 and os.stat(self.wal).st_size > WAL_LIMIT  # noqa: PTH116
        if self.pages < CHECKPOINT_PAGES and not large:
            return
        self.pages = 0
        with explained(self.path), self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout = 100")  # milliseconds
            try:
                cursor.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if large else 'RESTART'})")
                if cursor.fetchone()["busy"]:
                    self.pages = CHECKPOINT_PAGES - AGAIN_PAGES
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def tracking(tracked: Tracked, own: Sequence[int]) -> Tracking:
    """Say how far a follower has come once facts at its own positions are stored."""
    past_own = tracked.past_own and own and own[0] == tracked.position + 1
    return Tracking(tracked.name, own[-1] if past_own else tracked.position)
