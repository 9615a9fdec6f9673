"""`store check` finds what would let events be changed or read by others."""

from __future__ import annotations

import pytest

from airbook.application.maintenance import doctor
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from tests.cli.conftest import Inside
from tests.cli.store_urls import url_of
from tests.support.stores import execute

REMEDY = "Copy the store to a new one (airbook store copy), or restore a backup."
BROKEN = {
    "sqlite": {
        "DROP TRIGGER events_never_change": "no trigger events_never_change",
        "DROP TRIGGER events_never_go": "no trigger events_never_go",
        "DROP TRIGGER events_never_give_way": "no trigger events_never_give_way",
        "DROP TRIGGER digests_never_go": "no trigger digests_never_go",
        "CREATE TRIGGER mine AFTER INSERT ON numbers BEGIN DELETE FROM keys; END": (
            "the trigger mine is not airbook's"
        ),
        "CREATE UNIQUE INDEX mine ON keys (lower(key))": "the unique index mine is not airbook's",
    },
    "postgresql": {
        "DROP TRIGGER events_never_change ON stored_events": "no trigger events_never_change",
        "DROP TRIGGER digests_never_change ON digests": "no trigger digests_never_change",
        "CREATE TRIGGER mine AFTER INSERT ON numbers EXECUTE FUNCTION events_never_change()": (
            "the trigger mine is not airbook's"
        ),
        "CREATE UNIQUE INDEX mine ON keys (lower(key))": "the unique index mine is not airbook's",
        "CREATE OR REPLACE FUNCTION events_never_change() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NULL; END'": "the function events_never_change is not airbook's",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL": "no trigger events_never_change",
        "INSERT INTO stored_events VALUES ('airplane-7', 1, 't', '', 7)": (
            "2 events up to position 7"
        ),
    },
}


@pytest.fixture(autouse=True)
def safe_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no note on the version of SQLite be printed."""
    monkeypatch.setattr(doctor, "SAFE_SQLITE", (3, 0, 0))


@pytest.mark.parametrize(
    ("kind", "statement"), [(kind, statement) for kind in BROKEN for statement in BROKEN[kind]]
)
def test_a_missing_trigger_and_what_is_foreign_is_found(
    inside: Inside, request: pytest.FixtureRequest, kind: str, statement: str
):
    store: Store = SQLiteStore(inside.store)
    if kind == "postgresql":
        store = PostgresStore(request.getfixturevalue("database"))
    where = {"AIRBOOK_STORE": url_of(store)}
    inside("store", "init", **where)
    inside("admin", "add-plane", "--seats", "5", **where)
    execute(store, statement)
    complaint = BROKEN[kind][statement]
    answer = inside("store", "check", **where)
    assert answer[:3] == (8, f"damaged\tThe log is damaged: {complaint}. {REMEDY}\n", "")
    document = inside("store", "check", "--json", **where).document
    message = f"The log is damaged: {complaint}"
    finding = {"code": "damaged", "message": message, "remedy": REMEDY, "complaint": complaint}
    assert (document["healthy"], document["findings"]) == (False, [finding])


def test_a_trigger_that_fires_on_replicas_only_is_found(inside: Inside, database: str):
    inside("store", "init", AIRBOOK_STORE=database)
    table = "ALTER TABLE stored_events ENABLE REPLICA TRIGGER events_never_change"
    execute(PostgresStore(database), table)
    assert inside("store", "check", AIRBOOK_STORE=database).code == 8


def test_a_file_that_others_may_open_is_found(inside: Inside):
    inside("store", "init")
    inside.store.chmod(0o644)
    answer = inside("store", "check")
    told = "".join(
        f"file_mode\t{inside.store}{file} can be opened by others: its mode is 644, not 600."
        f" Keep it to its owner: chmod 600 {inside.store}{file}\n"
        for file in ("", "-shm", "-wal")
    )
    assert answer[:3] == (8, told, "")
