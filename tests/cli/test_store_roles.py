"""The roles on a server: what each of them may do."""

from __future__ import annotations

import psycopg
import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.projections.models import airplanes, reservations
from tests.cli.conftest import Inside
from tests.cli.store_urls import BEGINNING
from tests.support.answers import refused
from tests.support.postgres_server import Server
from tests.support.stores import everything_in

WHOLE = (
    *BEGINNING,
    ("reserve", "1", "--key", "order-1", "--customer", "kim"),
    ("cancel", "1"),
    ("admin", "set-seats", "1", "7"),
    ("admin", "close-plane", "1"),
    ("admin", "open-plane", "1"),
    ("import", "requests"),
    ("daemon", "--until-idle"),
    ("planes",),
    ("my-page", "--all"),
    ("history", "1"),
    ("why", "2"),
    ("events",),
    ("status",),
    ("parked", "list"),
    ("views", "status"),
    ("views", "rebuild"),
    ("my-page", "--all"),
    ("doctor",),
    ("store", "status"),
    ("store", "check"),
)


NOT_EVERYTHING = (
    "UPDATE airbook.stored_events SET topic = topic",
    "DELETE FROM airbook.stored_events",
    "TRUNCATE airbook.stored_events",
    "DROP TABLE airbook.stored_events",
    "ALTER TABLE airbook.stored_events DISABLE TRIGGER ALL",
    "DROP TRIGGER events_never_change ON airbook.stored_events",
    (
        "CREATE OR REPLACE FUNCTION airbook.events_never_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$"
    ),
    "CREATE TABLE airbook.mine (one int)",
    "UPDATE airbook.keys SET number = 1",
    "DELETE FROM airbook.keys",
    "TRUNCATE airbook.keys, airbook.customers, airbook.numbers",
    "DELETE FROM airbook.customers",
    "DELETE FROM airbook.numbers",
    "UPDATE airbook.identity SET id = 'mine'",
    "DELETE FROM airbook.notification_tracking",
    "SET session_replication_role = replica",
)


OWNED = """
    SELECT relname FROM pg_class WHERE relowner = '"{role}"'::regrole UNION ALL
    SELECT nspname FROM pg_namespace WHERE nspowner = '"{role}"'::regrole UNION ALL
    SELECT proname FROM pg_proc WHERE proowner = '"{role}"'::regrole
"""


def forbidden(url: str, statement: str) -> bool:
    """Return whether a statement fails because the role lacks a privilege."""
    with psycopg.connect(url, autocommit=True) as server:
        try:
            server.execute(statement.encode())
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue):
            return True
    return False


def test_a_role_can_do_everything_and_owns_nothing_and_changes_no_event(
    inside: Inside, database: str, server: Server
):
    (inside.folder / "requests").write_bytes(b"1,lee,a\n1,lee,b\n")
    role = server.create_role("worker")
    inside("store", "init", "--role", role, AIRBOOK_STORE=database)
    url = server.url(database, role)
    for words in WHOLE:
        answer = inside(*words, AIRBOOK_STORE=url)
        assert answer.code == 0, (words, answer)
    assert inside.json("show", "2", AIRBOOK_STORE=url)["status"] == "approved"
    assert server.execute(OWNED.format(role=role), database) == []
    before = everything_in(PostgresStore(database))
    allowed = [statement for statement in NOT_EVERYTHING if not forbidden(url, statement)]
    assert allowed == []
    views = f"SET ROLE airbook_views; {NOT_EVERYTHING[0]}"
    assert forbidden(url, views)
    assert everything_in(PostgresStore(database)) == before


@pytest.mark.parametrize("what", NOT_EVERYTHING[:3])
def test_the_owner_changes_no_event(inside: Inside, database: str, server: Server, what: str):
    inside("store", "init", AIRBOOK_STORE=database)
    inside("reserve", "1", AIRBOOK_STORE=database)
    with pytest.raises(psycopg.errors.RaiseException, match="events are never changed or removed"):
        server.execute(what, database)


def test_a_role_that_came_later_takes_the_views_over(inside: Inside, database: str, server: Server):
    inside("store", "init", AIRBOOK_STORE=database)
    for words in (*BEGINNING, ("planes",)):
        assert inside(*words, AIRBOOK_STORE=database).code == 0
    role = server.create_role("worker")
    inside("store", "init", "--role", role, AIRBOOK_STORE=database)
    for url in (server.url(database, role), database, server.url(database, role)):
        for words in (("reserve", "1"), ("views", "rebuild"), ("planes",), ("doctor",)):
            answer = inside(*words, AIRBOOK_STORE=url)
            assert answer.code == 0, (words, answer)


def test_a_role_may_not_create_the_store(inside: Inside, database: str, server: Server):
    url = server.url(database, server.create_role("worker"))
    answer = inside("store", "init", AIRBOOK_STORE=url)
    told, _ = refused(answer)
    assert (answer.code, "permission denied" in told) == (7, True)


def test_a_missing_role_is_reported(inside: Inside, database: str):
    answer = inside("store", "init", "--role", "nobody_at_all", "--json", AIRBOOK_STORE=database)
    assert "nobody_at_all" in answer.err
    assert '"code":"internal"' not in answer.err


READING = (
    "SELECT count(*) FROM airbook.stored_events",
    f"SELECT count(*) FROM airbook_views.{reservations.TABLE.name}",  # noqa: S608
    f"SELECT count(*) FROM airbook_views.{airplanes.TABLE.name}",  # noqa: S608
)


WRITING = (
    "INSERT INTO airbook.stored_events VALUES ('airplane-9', 1, 't', '', 9)",
    "INSERT INTO airbook.customers VALUES ('c', 'n')",
    "UPDATE airbook.numbers SET last = 0",
    f"DELETE FROM airbook_views.{reservations.TABLE.name}",  # noqa: S608
    "CREATE TABLE airbook_views.mine (one int)",
    "SET ROLE airbook_views",
    *NOT_EVERYTHING,
)


PREPARED = [
    pytest.param([["--reader"]], id="the owner works"),
    pytest.param([["--role", "--reader"]], id="a role works"),
    pytest.param([["--role"], ["--reader"]], id="the reader comes after the role"),
    pytest.param([["--reader"], ["--role"]], id="the role comes after the reader"),
]


@pytest.mark.parametrize("steps", PREPARED)
@pytest.mark.parametrize("begun", [False, True], ids=["before the views", "after the views"])
def test_a_reader_may_look_with_psql_and_add_nothing(
    inside: Inside, database: str, server: Server, steps: list[list[str]], begun: bool
):
    roles = {option: server.create_role("one") for option in ("--role", "--reader")}
    worker = database
    if begun:
        inside("store", "init", AIRBOOK_STORE=database)
        inside("planes", AIRBOOK_STORE=database)
    for step in steps:
        options = [word for option in step for word in (option, roles[option])]
        assert inside("store", "init", *options, AIRBOOK_STORE=database).code == 0
        if "--role" in step:
            worker = server.url(database, roles["--role"])
    reader = server.url(database, roles["--reader"])
    for words in (*BEGINNING, ("planes",), ("views", "rebuild"), ("planes",)):
        assert inside(*words, AIRBOOK_STORE=worker).code == 0, words
    assert [statement for statement in READING if forbidden(reader, statement)] == []
    assert [statement for statement in WRITING if not forbidden(reader, statement)] == []
    assert inside.json("store", "status", AIRBOOK_STORE=reader)["position"] == 4
    answer = inside("reserve", "1", AIRBOOK_STORE=reader)
    assert (answer.code, len(refused(answer))) == (7, 2)


def test_a_role_without_rights_is_told_what_its_owner_can_do(
    inside: Inside, database: str, server: Server
):
    inside("store", "init", AIRBOOK_STORE=database)
    role = server.create_role("worker")
    url = server.url(database, role)
    for words in (("reserve", "1"), ("planes",), ("status",), ("daemon", "--once")):
        answer = inside(*words, AIRBOOK_STORE=url)
        sentence, hint = answer.err.splitlines()[-2:]
        assert (answer.code, hint) == (7, f"hint: airbook store init --role {role}"), answer
        shown = PostgresStore(url).url
        assert sentence.startswith(
            f"The role {role} needs a right that the owner of the store {shown} grants:"
            " permission denied for schema airbook"
        )
    answer = inside("planes", AIRBOOK_STORE=url, AIRBOOK_LANG="ko")
    assert answer.err.startswith(f"역할 {role}에 권한이 없습니다. ")
    inside("store", "init", "--role", role, AIRBOOK_STORE=database)
    assert inside("reserve", "1", AIRBOOK_STORE=url).code == 0


def test_a_role_that_may_not_create_the_store_is_shown_the_statements(
    inside: Inside, database: str, server: Server
):
    url = server.url(database, server.create_role("worker"))
    answer = inside("store", "init", AIRBOOK_STORE=url)
    assert (answer.code, refused(answer)[1]) == (7, "hint: airbook store init --print-sql")
    assert inside("store", "init", "--print-sql", AIRBOOK_STORE=url).code == 0


@pytest.mark.parametrize("works_as_role", [False, True])
def test_a_dropped_schema_of_the_views_is_told_and_made_again(
    inside: Inside, database: str, server: Server, works_as_role: bool
):
    role = server.create_role("worker")
    inside("store", "init", "--role", role, AIRBOOK_STORE=database)
    url = server.url(database, role) if works_as_role else database
    for words in (*BEGINNING, ("planes",)):
        assert inside(*words, AIRBOOK_STORE=url).code == 0
    server.execute("DROP SCHEMA airbook_views CASCADE", database)
    shown, hint = PostgresStore(url).url, "hint: airbook store init"
    sentence = f"The store {shown} has no schema for its views; its owner creates it."
    for words in (("planes",), ("views", "rebuild"), ("daemon", "--until-idle")):
        answer = inside(*words, AIRBOOK_STORE=url)
        assert (answer.code, answer.err.splitlines()[-2:]) == (1, [sentence, hint]), words
    korean = inside("planes", AIRBOOK_STORE=url, AIRBOOK_LANG="ko")
    assert korean.err.startswith("저장소에 뷰를 둘 스키마가 없습니다. ")
    assert inside("store", "init", AIRBOOK_STORE=database).code == 0
    if works_as_role:
        hint = f"hint: airbook store init --role {role}"
        assert refused(inside("planes", AIRBOOK_STORE=url))[1] == hint
        assert inside(*hint.split()[2:], AIRBOOK_STORE=database).code == 0
    assert len(inside.json("planes", AIRBOOK_STORE=url)) == 1
