"""A file that cannot be used is reported in one sentence, and is not changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.sqlite import SQLiteCursor

from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.errors import StoreError, Trouble
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Receipt, Transaction
from airbook.eventlog.sqlite import connection as file
from airbook.eventlog.sqlite import creating, schema
from airbook.eventlog.sqlite.creating import retry_while_busy
from airbook.eventlog.sqlite.recorder import SQLiteRecorder
from tests.support.stores import by_hand, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record

NEW = Transaction(at=NINE, appends=(Append("airplane", None, 0, (AirplaneCreated(5),)),))


def text(store: Path) -> None:
    store.write_text("Dear diary, today I flew to Jeju.\n" * 300)


def a_few_bytes(store: Path) -> None:
    store.write_bytes(b"\0\1\2")


def a_folder(store: Path) -> None:
    store.mkdir()


def foreign(store: Path) -> None:
    with by_hand(store) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.execute("INSERT INTO recipes VALUES ('bibimbap')")


def foreign_with_an_id(store: Path) -> None:
    foreign(store)
    with by_hand(store) as connection:
        connection.execute("PRAGMA application_id = 7")


def newer(store: Path) -> None:
    written(store)
    with by_hand(store) as connection:
        connection.execute("PRAGMA user_version = 3")


def without_its_header(store: Path) -> None:
    written(store)
    with store.open("r+b") as opened:
        opened.write(b"\0" * 100)


def cut_off(store: Path) -> None:
    written(store)
    with store.open("r+b") as opened:
        opened.truncate(5_000)


def written(store: Path) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)


@pytest.mark.parametrize(
    ("make", "code", "sentence"),
    [
        (text, "store_damaged", "The store {store} is damaged."),
        (a_few_bytes, "store_damaged", "The store {store} is damaged."),
        (a_folder, "store_unreachable", "The store {store} cannot be opened."),
        (foreign, "store_foreign", "The file {store} is not an airbook store."),
        (foreign_with_an_id, "store_foreign", "The file {store} is not an airbook store."),
        (newer, "store_newer", "The store {store} was made by a newer airbook."),
        (without_its_header, "store_damaged", "The store {store} is damaged."),
        (cut_off, "store_damaged", "The store {store} is damaged."),
    ],
)
def test_a_store_that_cannot_be_used_is_named_and_not_changed(
    tmp_path: Path, make: Callable[[Path], None], code: Trouble, sentence: str
) -> None:
    store = tmp_path / "airbook.db"
    make(store)
    before = store.read_bytes() if store.is_file() else b""
    with pytest.raises(StoreError) as trouble:
        SQLiteRecorder(store)
    assert (trouble.value.code, str(trouble.value)) == (code, sentence.format(store=store))
    assert (store.read_bytes() if store.is_file() else b"") == before


@pytest.mark.parametrize("store", [Path("/proc/airbook/airbook.db"), Path("/dev/null/a/b.db")])
def test_a_path_at_which_no_file_can_be_created_is_unreachable(store: Path) -> None:
    with pytest.raises(StoreError) as trouble:
        SQLiteRecorder(store)
    assert trouble.value.code == "store_unreachable"


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with open_log(path) as log:
        assert log.append(NEW) == Receipt(1, 1)


def test_a_store_that_stays_locked_is_busy_and_can_be_read_and_used_afterwards(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(path)
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.05)
    with open_log(path) as log, by_hand(path) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as trouble:
            log.append(NEW)
        assert trouble.value.code == "store_busy"
        assert log.head() == len(FIVE_SEATS_SIX_CUSTOMERS)
        with open_log(path) as second:
            assert second.head() == len(FIVE_SEATS_SIX_CUSTOMERS)
        other.execute("ROLLBACK")
        assert log.append(NEW) == Receipt(2, len(FIVE_SEATS_SIX_CUSTOMERS) + 1)


def test_a_store_that_others_create_and_lock_meanwhile_is_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = schema.version_of

    def look_before_others_create_it(c: SQLiteCursor, store: Path) -> int:
        monkeypatch.setattr(schema, "version_of", looked)
        version = looked(c, store)
        written(store)
        other.execute("BEGIN IMMEDIATE")
        return version

    path.parent.mkdir()
    monkeypatch.setattr(schema, "version_of", look_before_others_create_it)
    monkeypatch.setattr(creating, "BUSY_SECONDS", 600)  # a busy machine takes long to create it
    with by_hand(path) as other, open_log(path) as log:
        assert log.head() == len(FIVE_SEATS_SIX_CUSTOMERS)


def failing(*codes: Trouble) -> Callable[[], None]:
    """Return a function that raises these errors, one at each call, before it succeeds."""
    troubles = iter(codes)

    def create() -> None:
        for code in troubles:
            raise StoreError(code, "airbook.db")

    return create


def test_creating_a_store_waits_for_other_processes_that_create_it() -> None:
    create = failing("store_busy", "store_busy", "store_busy")
    retry_while_busy(create)
    assert create() is None  # all three errors were raised before


def test_creating_a_store_does_not_wait_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "BUSY_SECONDS", 0.0)
    with pytest.raises(StoreError) as trouble:
        retry_while_busy(failing("store_busy", "store_busy", "store_busy"))
    assert trouble.value.code == "store_busy"


def test_creating_a_store_does_not_wait_after_other_errors() -> None:
    create = failing("store_full")
    with pytest.raises(StoreError) as trouble:
        retry_while_busy(create)
    assert trouble.value.code == "store_full"


@pytest.mark.parametrize(
    ("limit", "way_out", "code"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "store_full"),
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF", "store_read_only"),
    ],
)
def test_a_store_that_cannot_be_written_stores_nothing_and_works_again(
    path: Path, limit: str, way_out: str, code: Trouble
) -> None:
    with closing(SQLiteRecorder(path)) as recorder:
        log = Log(recorder)
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        with recorder.datastore.get_connection(commit=True) as connection:
            connection.cursor().execute(limit)
        large = Append("airplane", None, 0, (AirplaneCreated(5, "x" * 1_000_000),))
        with pytest.raises(StoreError) as trouble:
            log.append(Transaction(at=NINE, appends=(large,)))
        assert trouble.value.code == code
        assert log.head() == len(FIVE_SEATS_SIX_CUSTOMERS)
        with recorder.datastore.get_connection(commit=True) as connection:
            connection.cursor().execute(way_out)
        assert log.append(NEW) == Receipt(2, len(FIVE_SEATS_SIX_CUSTOMERS) + 1)


def test_an_error_of_the_program_is_not_translated(log: Log) -> None:
    nonsense: Any = object()
    with pytest.raises(sqlite3.ProgrammingError):
        log.registry.customers(nonsense, 1)
