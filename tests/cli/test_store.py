"""The commands of `store`: creating a store, and the statements that create it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from tests.cli.conftest import Inside
from tests.cli.store_urls import BEGINNING, url_of
from tests.support.answers import refused
from tests.support.postgres_server import Server
from tests.support.processes import at_once
from tests.support.stores import everything_in, execute

WELL = "All is well: {} events, 0 views.\n"


HOSTILE = 'a"; DROP TABLE x; --'


LOOKING = (
    ("store", "status"),
    ("store", "check"),
    ("planes",),
    ("plane", "1"),
    ("my-page",),
    ("show", "1"),
    ("history", "1"),
    ("why", "1"),
    ("events",),
    ("status",),
    ("doctor",),
    ("views", "status"),
    ("views", "rebuild"),
    ("parked", "list"),
    ("cancel", "1"),
    ("wait", "1"),
)


@pytest.mark.parametrize("words", LOOKING)
def test_reading_a_missing_store_creates_none(
    inside: Inside, unmade: Store, words: tuple[str, ...]
):
    answer = inside(*words, AIRBOOK_STORE=url_of(unmade))
    assert (answer.code, refused(answer)) == (
        7,
        [f"There is no store at {unmade.url} yet.", "hint: airbook store init"],
    )
    assert not isinstance(unmade, SQLiteStore) or not unmade.path.parent.exists()


@pytest.mark.parametrize("words", BEGINNING)
def test_the_first_write_creates_a_file(inside: Inside, words: tuple[str, ...]):
    assert inside(*words).code == 0
    assert inside("store", "check", "--json").document["findings"] == []


def test_only_the_owner_creates_a_store_on_a_server(inside: Inside, database: str):
    for words in BEGINNING:
        answer = inside(*words, "-o", "plain", AIRBOOK_STORE=database)
        assert (answer.code, "store init" in answer.err) == (7, True), answer


def test_creating_a_store_again_changes_nothing(inside: Inside, unmade: Store):
    where = {"AIRBOOK_STORE": url_of(unmade)}
    made = inside.json("store", "init", **where)
    assert made.pop("bytes") > 0
    assert re.fullmatch(r"(SQLite|PostgreSQL) [0-9.]+", made.pop("database"))
    assert made == {"store": unmade.url, "position": 0, "airplanes": 0, "reservations": 0}
    inside("admin", "add-plane", "--seats", "5", **where)
    inside("reserve", "1", "--key", "k", **where)
    before = everything_in(unmade)
    again = inside.json("store", "init", **where)
    assert (again["position"], again["airplanes"], again["reservations"]) == (2, 1, 1)
    assert again == inside.json("store", "status", **where)
    assert everything_in(unmade) == before


def test_people_get_a_sentence(inside: Inside):
    made = inside("store", "init", "-o", "table").out
    store, version = f"sqlite:///{inside.store}", sqlite3.sqlite_version
    said = f"{store}: SQLite {version}, 0 events, 0 airplanes, 0 reservations, "
    assert made.startswith(said)
    assert re.fullmatch(r"[0-9]+ bytes.\n", made.removeprefix(said))
    assert inside("store", "check").out == WELL.format(0)


def test_a_password_is_shown_nowhere(inside: Inside, server: Server, database: str):
    secret_url = server.url(database, server.user, "s3cr3t")
    for words in (("store", "status"), ("store", "init"), ("store", "check"), ("planes",)):
        answer = inside(*words, "--json", AIRBOOK_STORE=secret_url)
        assert "s3cr3t" not in answer.out + answer.err


def printed(inside: Inside, store: Store, *words: str) -> str:
    """Return the SQL that --print-sql prints."""
    answer = inside("store", "init", "--print-sql", *words, AIRBOOK_STORE=url_of(store))
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def test_the_statements_printed_make_a_store(inside: Inside, unmade: Store):
    sql = printed(inside, unmade)
    where = {"AIRBOOK_STORE": url_of(unmade)}
    assert inside("store", "status", **where).code == 7
    executed(unmade, sql)
    check = inside("store", "check", **where)
    assert (check.code, check.out) == (0, WELL.format(0))
    for words in BEGINNING:
        assert inside(*words, **where).code == 0
    assert inside.json("show", "1", **where)["status"] == "approved"
    assert inside.json("doctor", **where)["findings"] == []


def executed(store: Store, sql: str) -> None:
    """Execute statements on a store without airbook."""
    if isinstance(store, SQLiteStore):
        store.path.parent.mkdir()
        store.path.touch(0o600)
        with closing(sqlite3.connect(store.path)) as connection:
            connection.executescript(sql)
        return
    assert isinstance(store, PostgresStore)
    with psycopg.connect(store.secret_url, autocommit=True) as server:
        server.execute(sql.encode())


def test_a_store_made_by_printed_statements_is_like_any_other(inside: Inside, tmp_path: Path):
    one, other = (SQLiteStore(tmp_path / name / "airbook.db") for name in ("one", "other"))
    executed(one, printed(inside, one))
    inside("store", "init", AIRBOOK_STORE=other.url)
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    assert execute(one, schema) == execute(other, schema)
    for pragma in ("application_id", "user_version"):
        assert execute(one, f"PRAGMA {pragma}") == execute(other, f"PRAGMA {pragma}")
    identities = [execute(store, "SELECT id FROM identity") for store in (one, other)]
    assert [len(str(rows[0][0])) for rows in identities] == [16, 16]
    assert identities[0] != identities[1]


def test_what_is_printed_may_be_executed_again(inside: Inside, database: str, server: Server):
    store = PostgresStore(database)
    role, reader = server.create_role("worker"), server.create_role("reader")
    sql = printed(inside, store, "--role", role, "--reader", reader)
    executed(store, sql)
    before = everything_in(store)
    executed(store, sql)
    assert everything_in(store) == before


@pytest.mark.parametrize("option", ["--role", "--reader"])
@pytest.mark.parametrize("print_sql", [[], ["--print-sql"]])
def test_a_file_has_no_roles(inside: Inside, option: str, print_sql: list[str]):
    answer = inside("store", "init", option, "airbook", *print_sql)
    told, _ = refused(answer)
    assert (answer.code, told) == (
        2,
        "A SQLite file has no roles: every account that can write it may do everything.",
    )
    assert not inside.store.exists()


@pytest.mark.parametrize("name", ["", "a\0b", "a\nb", "a\u202eb", "\udcff", "가" * 22, "r" * 64])
@pytest.mark.parametrize("option", ["--role", "--reader"])
def test_invalid_names_of_roles(inside: Inside, database: str, option: str, name: str):
    answer = inside("store", "init", option, name, AIRBOOK_STORE=database)
    told, hint = refused(answer)
    assert (answer.code, hint) == (2, "hint: airbook store init --help")
    assert told.endswith("cannot be the name of a role.")


@contextmanager
def role_named(server: Server, database: str, name: str) -> Generator[str]:
    """Create a role for a test; yields the URL with which it connects to a database."""
    quoted = '"' + name.replace('"', '""') + '"'
    server.execute(f"CREATE ROLE {quoted} LOGIN")
    try:
        yield server.url(database, name)
    finally:
        server.execute(f"DROP OWNED BY {quoted}", database)
        server.execute(f"DROP ROLE {quoted}")


def test_a_role_may_have_any_name(inside: Inside, database: str, server: Server):
    server.execute("CREATE TABLE x AS SELECT 1 AS one", database)
    with role_named(server, database, HOSTILE) as url:
        init = inside("store", "init", "--role", HOSTILE, AIRBOOK_STORE=database)
        assert init.code == 0, init
        executed(
            PostgresStore(database), printed(inside, PostgresStore(database), "--role", HOSTILE)
        )
        executed(
            PostgresStore(database), printed(inside, PostgresStore(database), "--reader", HOSTILE)
        )
        for words in BEGINNING:
            assert inside(*words, AIRBOOK_STORE=url).code == 0
    assert server.execute("SELECT one FROM x", database) == [(1,)]


def test_eight_processes_create_the_same_store_at_once(inside: Inside, unmade: Store):
    at_once(*(unmade.create for _ in range(8)))
    check = inside("store", "check", AIRBOOK_STORE=url_of(unmade))
    assert (check.code, check.out) == (0, WELL.format(0))


def test_eight_processes_create_a_store_for_the_same_roles_at_once(
    inside: Inside, database: str, server: Server
):
    role, reader = server.create_role("worker"), server.create_role("reader")
    store = PostgresStore(database)
    at_once(*(partial(store.create, role=role, reader=reader) for _ in range(8)))
    for words in BEGINNING:
        assert inside(*words, AIRBOOK_STORE=server.url(database, role)).code == 0
