"""The commands below `store`: creating, checking and copying a store."""

from __future__ import annotations

import re
import signal
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
from tests.support.answers import Answer, refused
from tests.support.home import Home
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
BEGINNING = (("admin", "add-plane", "--seats", "5"), ("reserve", "1"), ("daemon", "--until-idle"))


def url_of(store: Store) -> str:
    """Return the URL of a store with its password."""
    return store.secret_url if isinstance(store, PostgresStore) else store.url


@pytest.fixture(params=["sqlite", "postgresql"])
def unmade(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return a store of each kind that is not created yet."""
    if request.param == "sqlite":
        return SQLiteStore(tmp_path / "elsewhere" / "airbook.db")
    return PostgresStore(request.getfixturevalue("database"))


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
        "A file has no roles: whoever can write it may do everything.",
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
    "DROP TRIGGER facts_never_change ON airbook.stored_events",
    (
        "CREATE OR REPLACE FUNCTION airbook.facts_never_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$"
    ),
    "CREATE TABLE airbook.mine (one int)",
    "UPDATE airbook.commands SET number = 1",
    "DELETE FROM airbook.commands",
    "TRUNCATE airbook.commands, airbook.customers, airbook.numbers",
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
    "SELECT count(*) FROM airbook_views.reservations",
    "SELECT count(*) FROM airbook_views.airplanes",
)
WRITING = (
    "INSERT INTO airbook.stored_events VALUES ('airplane-9', 1, 't', '', 9)",
    "INSERT INTO airbook.customers VALUES ('c', 'n')",
    "UPDATE airbook.numbers SET last = 0",
    "DELETE FROM airbook_views.reservations",
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


BROKEN = {
    "sqlite": {
        "DROP TRIGGER facts_never_change": "no trigger facts_never_change",
        "DROP TRIGGER facts_never_go": "no trigger facts_never_go",
        "DROP TRIGGER facts_never_give_way": "no trigger facts_never_give_way",
    },
    "postgresql": {
        "DROP TRIGGER facts_never_change ON stored_events": "no trigger facts_never_change",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL": "no trigger facts_never_change",
        "INSERT INTO stored_events VALUES ('airplane-7', 1, 't', '', 7)": (
            "2 events up to position 7"
        ),
    },
}


@pytest.mark.parametrize(
    ("kind", "statement"), [(kind, statement) for kind in BROKEN for statement in BROKEN[kind]]
)
def test_a_missing_trigger_is_found(
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
    assert answer[:3] == (8, f"damaged\tThe log is damaged: {complaint}\n", "")
    document = inside("store", "check", "--json", **where).document
    message = f"The log is damaged: {complaint}"
    finding = {"code": "damaged", "message": message, "complaint": complaint}
    assert (document["healthy"], document["findings"]) == (False, [finding])


def test_a_trigger_that_fires_on_replicas_only_is_found(inside: Inside, database: str):
    inside("store", "init", AIRBOOK_STORE=database)
    table = "ALTER TABLE stored_events ENABLE REPLICA TRIGGER facts_never_change"
    execute(PostgresStore(database), table)
    assert inside("store", "check", AIRBOOK_STORE=database).code == 8


def test_a_file_that_others_may_open_is_found(inside: Inside):
    inside("store", "init")
    inside.store.chmod(0o644)
    answer = inside("store", "check")
    told = "".join(
        f"file_mode\t{inside.store}{file} can be opened by others: its mode is 644, not 600.\n"
        for file in ("", "-shm", "-wal")
    )
    assert answer[:3] == (8, told, "")


@pytest.fixture
def company(inside: Inside) -> Inside:
    """Create a store with decided, cancelled and pending reservations."""
    inside("admin", "add-plane", "--seats", "2", "--name", "대한항공")
    requests = "".join(f"1,고객 {one},order-{one}\n" for one in range(1, 5))
    (inside.folder / "requests").write_text(requests, "utf-8")
    inside("import", "requests")
    inside("daemon", "--until-idle")
    inside("cancel", "1")
    inside("reserve", "1", "--key", "late", "--customer", "kim")
    return inside


def copied(inside: Inside, source: str, target: str) -> Answer:
    """Copy a store."""
    return inside("store", "copy", "--from", source, "--to", target, "--json")


def decisions(inside: Inside, url: str) -> list[tuple[str, str]]:
    """List the decisions in the order of the reservations."""
    decided = {"ReservationApproved", "ReservationRejected"}
    events = inside.json("events", AIRBOOK_STORE=url)
    return [(one["stream"], one["type"]) for one in events if one["type"] in decided]


def test_after_two_copies_the_store_works_as_before(company: Inside, database: str, tmp_path: Path):
    source, back = f"sqlite:///{company.store}", f"sqlite:///{tmp_path}/back/airbook.db"
    before = company.json("events", AIRBOOK_STORE=source)
    first, second = copied(company, source, database), copied(company, database, back)
    assert (first.code, first.err, first.out) == (0, "", second.out)
    summary = first.document
    assert re.fullmatch("sha256:[0-9a-f]{64}", summary.pop("digest"))
    assert summary == {"events": 13, "keys": 5, "customers": 5}
    decided = decisions(company, source)
    for url in (database, back):
        where = {"AIRBOOK_STORE": url}
        assert company.json("events", **where) == before
        again = company.json("reserve", "1", "--key", "late", "--customer", "kim", **where)
        assert (again["id"], again["status"]) == (5, "received")
        assert company("daemon", "--until-idle", **where).code == 0
        assert decisions(company, url) == [*decided, ("reservation-5", "ReservationApproved")]
        assert company.json("show", "5", **where)["seat"] == 1
        assert company.json("reserve", "1", "--key", "next", **where)["id"] == 6
        assert company.json("admin", "add-plane", "--seats", "1", **where)["id"] == 2
        assert company.json("doctor", **where)["findings"] == []


def test_copying_again_continues_and_prints_the_same(company: Inside, unmade: Store):
    source, target = f"sqlite:///{company.store}", url_of(unmade)
    sentence = "Copied and verified: {} events, {} keys, {} customers.\n"
    words = ("store", "copy", "--from", source, "--to", target, "-o", "table")
    assert company(*words)[:3] == (0, sentence.format(13, 5, 5), "")
    assert company(*words)[:3] == (0, sentence.format(13, 5, 5), "")
    company("daemon", "--until-idle")
    company("reserve", "1", "--key", "next", "--customer", "lee")
    assert company(*words)[:3] == (0, sentence.format(17, 6, 6), "")
    assert company.json("events", AIRBOOK_STORE=target) == company.json("events")


def test_a_store_with_events_of_its_own_is_not_a_target(company: Inside, unmade: Store):
    target = url_of(unmade)
    company("store", "init", AIRBOOK_STORE=target)
    company("reserve", "7", AIRBOOK_STORE=target)
    before = everything_in(unmade)
    answer = copied(company, f"sqlite:///{company.store}", target)
    sentence = "The store to copy to holds events of its own: copy to an empty one."
    told = f'{{"error":{{"code":"store_not_empty","message":"{sentence}","hint":null}}}}\n'
    assert answer[:3] == (4, "", told)
    assert everything_in(unmade) == before


def test_a_missing_source_creates_no_target(inside: Inside, unmade: Store, tmp_path: Path):
    source = f"sqlite:///{tmp_path}/nowhere/airbook.db"
    answer = copied(inside, source, url_of(unmade))
    assert (answer.code, '"code":"store_missing"' in answer.err) == (7, True)
    assert inside("store", "status", AIRBOOK_STORE=url_of(unmade)).code == 7
    assert not (tmp_path / "nowhere").exists()


def test_a_server_without_a_store_is_no_source(inside: Inside, database: str, tmp_path: Path):
    answer = copied(inside, database, f"sqlite:///{tmp_path}/target/airbook.db")
    assert (answer.code, '"code":"store_missing"' in answer.err) == (7, True)
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--from", "sqlite:///a"],
        ["--to", "sqlite:///a"],
        ["--from", "mysql://a", "--to", "sqlite:///b"],
        ["--from", "sqlite:///a", "--to", "/b"],
        ["--from", "sqlite:///a", "--to", "sqlite:///\0"],
    ],
)
def test_a_copy_needs_two_places(inside: Inside, words: list[str]):
    answer = inside("store", "copy", *words)
    assert (answer.code, len(refused(answer))) == (2, 2)
    assert list(inside.folder.iterdir()) == []


@pytest.mark.parametrize("least", [1, 2_500, 5_000])
def test_a_copy_that_was_killed_is_finished_by_the_next(home: Home, tmp_path: Path, least: int):
    lines = b"".join(b"1,customer %d,key %d\n" % (one, one) for one in range(5_000))
    (home.folder / "requests").write_bytes(lines)
    home("import", "requests")
    target = SQLiteStore(tmp_path / "target" / "airbook.db")
    words = ("store", "copy", "--from", f"sqlite:///{home.store}", "--to", target.url)
    with home.running(*words) as process:
        while not process.has_ended() and events_in(target) < least:
            pass
        assert process.kill().code in {-signal.SIGKILL, 0}
    assert home.json(*words)["events"] == 5_000
    one, other = everything_in(home.store), everything_in(target)
    assert {name for name in one if sorted(one[name]) != sorted(other[name])} == {"identity"}


def events_in(store: SQLiteStore) -> int:
    """Count the events; 0 while there is no store."""
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'stored_events'"
    if not store.path.exists() or execute(store, there) == [(0,)]:
        return 0
    ((count,),) = execute(store, "SELECT count(*) FROM stored_events")
    return int(count)


@pytest.mark.parametrize("words", [["init"], ["status"], ["check"]])
def test_the_output_in_korean(company: Inside, words: list[str]):
    answer = company("store", *words, "-o", "table", "--lang", "ko")
    assert answer.code == 0
    assert any("가" <= letter <= "힣" for letter in answer.out)


def test_a_copy_in_korean(company: Inside, tmp_path: Path):
    source, target = f"sqlite:///{company.store}", f"sqlite:///{tmp_path}/target/airbook.db"
    words = ("store", "copy", "--from", source, "--to", target, "-o", "table", "--lang", "ko")
    assert any("가" <= letter <= "힣" for letter in company(*words).out)
