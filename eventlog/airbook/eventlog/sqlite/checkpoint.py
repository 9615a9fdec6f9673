"""Moving the write-ahead log into the SQLite file, in the one way that cannot lose a commit."""

from __future__ import annotations

from pathlib import Path

from airbook.eventlog.sqlite.connection import BUSY_SECONDS, LogDatastore
from airbook.eventlog.sqlite.errors import translate_errors

WAL_LIMIT = 6 * 1024 * 1024  # bytes; a write-ahead log above this size is emptied
CHECKPOINT_PAGES = 500
RETRY_PAGES = 100  # after a checkpoint that another process prevented
CHECK_EVERY = 16  # commits between two looks at the size of the write-ahead log
WAIT_MILLISECONDS = 100


class WalCheckpoint:
    """Counts the pages written since the last checkpoint, and makes the next one.

    SQLite before 3.51.3 can lose a commit that resets the write-ahead log while a second checkpoint
    runs (https://www.sqlite.org/wal.html#walresetbug). RESTART and TRUNCATE take the write lock, so
    that no commit can come between. RESTART keeps the file, and a file that does not grow is synced
    more quickly.
    """

    def __init__(self, datastore: LogDatastore) -> None:
        self._datastore = datastore
        self._wal = Path(f"{datastore.path}-wal")
        self._pages = self._commits = 0

    def note_written(self, pages: int) -> None:
        """Count pages that were written by any process, and make a checkpoint if it is due.

        Raises StoreError.
        """
        self._pages += pages
        self._commits += 1
        is_large = self._commits % CHECK_EVERY == 1 and self._is_large()
        if self._pages < CHECKPOINT_PAGES and not is_large:
            return
        self._pages = 0
        with (
            translate_errors(self._datastore.path),
            self._datastore.get_connection(commit=True) as connection,
        ):
            self._datastore.file.check_is_there()  # the log may be that of another file by now
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {WAIT_MILLISECONDS}")
            try:
                cursor.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if is_large else 'RESTART'})")
                if cursor.fetchone()[0]:
                    self._pages = CHECKPOINT_PAGES - RETRY_PAGES
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")

    def _is_large(self) -> bool:
        with translate_errors(self._datastore.path):
            return self._wal.stat().st_size > WAL_LIMIT
