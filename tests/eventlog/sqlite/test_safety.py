"""The database refuses to change or remove events, and only its owner can read the files."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from airbook.eventlog.log import Log
from airbook.eventlog.sqlite.recorder import SQLiteRecorder
from tests.support.stores import by_hand, everything_in, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = '{}'",
        "UPDATE stored_events SET topic = 'x' WHERE originator_id = 'reservation-6'",
        "UPDATE stored_events SET rowid = rowid + 100",
        "UPDATE OR REPLACE stored_events SET originator_version = 2 WHERE rowid = 3",
        "DELETE FROM stored_events",
        "DELETE FROM stored_events WHERE rowid = 3",
        "REPLACE INTO stored_events VALUES ('airplane-1', 1, 'x', '')",
        "INSERT OR REPLACE INTO stored_events (rowid, originator_id) VALUES (3, 'airplane-9')",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(
    log: Log, path: Path, statement: str
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    before = everything_in(path)
    with by_hand(path) as connection, pytest.raises(sqlite3.IntegrityError, match="events are "):
        connection.execute(statement)
    assert everything_in(path) == before


PROMISES = {"journal_mode": "wal", "synchronous": 2, "fullfsync": 1, "wal_autocheckpoint": 0}


@pytest.mark.parametrize("commit", [True, False])
def test_every_connection_waits_for_the_disk(path: Path, commit: bool) -> None:
    def ask(pragma: str) -> int | str:
        cursor.execute(f"PRAGMA {pragma}")
        answer: int | str = cursor.fetchone()[0]
        return answer

    with (
        closing(SQLiteRecorder(path)) as recorder,
        recorder.datastore.transaction(commit=commit) as cursor,
    ):
        assert {pragma: ask(pragma) for pragma in PROMISES} == PROMISES


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the umask, with which new files are readable by others or not."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_files_are_private_to_their_owner(path: Path) -> None:
    with open_log(path) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        modes = {
            file.name: oct(stat.S_IMODE(file.stat().st_mode))
            for file in (path.parent, *path.parent.iterdir())
        }
    assert modes == {
        "home": "0o700",
        "airbook.db": "0o600",
        "airbook.db-wal": "0o600",
        "airbook.db-shm": "0o600",
        "airbook.db.opened": "0o600",
    }


def test_a_closed_log_is_one_file_with_all_events(path: Path) -> None:
    with open_log(path) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    assert [file.name for file in path.parent.iterdir()] == ["airbook.db"]
    with open_log(path) as log:
        assert log.head() == len(FIVE_SEATS_SIX_CUSTOMERS)


def test_a_person_reads_the_log_without_airbook(log: Log, path: Path) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with by_hand(path) as connection:
        last = connection.execute(
            "SELECT rowid, originator_id, originator_version, topic, CAST(state AS TEXT)"
            " FROM stored_events ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
    assert last == (
        18,
        "reservation-6",
        2,
        "ReservationRejected.v1",
        '{"at":"2026-11-22T09:00:00.018Z","data":{"airplane":1,"reason":"no_seats_left"}}',
    )
