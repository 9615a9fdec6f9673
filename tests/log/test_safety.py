"""What is in the log stays in the log, and is nobody else's to read."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from airbook.domain.log import Log
from airbook.domain.sqlite import SQLiteLog
from tests.stores import by_hand, everything_in, open_log
from tests.words import FIVE_SEATS_SIX_CUSTOMERS, record


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
def test_the_database_refuses_to_change_or_remove_a_fact(
    log: Log, store: Path, statement: str
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    before = everything_in(store)
    with by_hand(store) as connection, pytest.raises(sqlite3.IntegrityError, match="facts are "):
        connection.execute(statement)
    assert everything_in(store) == before


PROMISES = {"journal_mode": "wal", "synchronous": 2, "fullfsync": 1, "wal_autocheckpoint": 0}


@pytest.mark.parametrize("commit", [True, False])
def test_every_connection_waits_for_the_disk(store: Path, commit: bool) -> None:
    def ask(pragma: str) -> int | str:
        cursor.execute(f"PRAGMA {pragma}")
        answer: int | str = cursor.fetchone()[0]
        return answer

    with (
        closing(SQLiteLog(store)) as recorder,
        recorder.datastore.transaction(commit=commit) as cursor,
    ):
        assert {pragma: ask(pragma) for pragma in PROMISES} == PROMISES


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let new files be readable by others, or not."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_files_are_their_owners_alone(store: Path) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        modes = {
            path.name: oct(stat.S_IMODE(path.stat().st_mode))
            for path in (store.parent, *store.parent.iterdir())
        }
    assert modes == {
        "home": "0o700",
        "airbook.db": "0o600",
        "airbook.db-wal": "0o600",
        "airbook.db-shm": "0o600",
    }


def test_a_log_has_an_identity_of_its_own_and_keeps_it(store: Path, tmp_path: Path) -> None:
    with open_log(store) as log, open_log(tmp_path / "other.db") as other:
        first, second = log.identity, other.identity
    with open_log(store) as log:
        assert log.identity == first
    assert first != second


def test_the_file_holds_everything_once_it_was_closed(store: Path) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    assert [path.name for path in store.parent.iterdir()] == ["airbook.db"]
    with open_log(store) as log:
        assert log.head() == len(FIVE_SEATS_SIX_CUSTOMERS)


def test_a_person_reads_the_log_without_airbook(log: Log, store: Path) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with by_hand(store) as connection:
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
