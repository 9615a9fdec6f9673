"""A file of schema 1 that cannot be brought up to date is reported in one sentence."""

from __future__ import annotations

import pytest

from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.sqlite import schema
from tests.support.schema_1 import schema_of
from tests.support.stores import everything_in, execute


@pytest.mark.parametrize(
    "statement",
    ["DROP TABLE parked", "UPDATE stored_events SET originator_version = 'x' WHERE rowid = 2"],
)
def test_a_damaged_file_of_schema_1_is_reported_and_not_changed(
    older: Store, statement: str
) -> None:
    assert isinstance(older, SQLiteStore)
    execute(older, "DROP TRIGGER facts_never_change")
    execute(older, statement)
    before = everything_in(older)
    with pytest.raises(StoreError) as trouble:
        older.create()
    assert trouble.value.code == "store_damaged"
    assert (everything_in(older), schema_of(older)) == (before, 1)


def test_a_file_of_schema_1_that_cannot_be_written_says_what_to_do(
    older: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(older, SQLiteStore)

    def refuse(*_: object) -> None:
        raise StoreError("store_read_only", older.path)

    monkeypatch.setattr(schema, "upgrade", refuse)
    with pytest.raises(StoreError) as trouble:
        older.open_log()
    assert trouble.value.code == "store_older"
