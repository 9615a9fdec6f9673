"""Many processes create the same store at once: it is created once, and all succeed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.promises import is_healthy
from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.support.stores import execute

MANY = 8


@pytest.fixture
def bare(database: str, tmp_path: Path) -> Home:
    """Return a home whose store is an empty database."""
    return Home(tmp_path, database)


def is_begun_at_once(home: Home, *words: str) -> None:
    before = [home.start("store", "init", *words) for _ in range(MANY)]
    ended = [process.end() for process in before]
    assert [(done.code, done.err) for done in ended] == [(0, "")] * MANY
    assert len({done.out.split("\t")[0] for done in ended}) == 1
    assert len(execute(home.kept, "SELECT * FROM identity")) == 1
    assert home.here("admin", "add-plane", "--seats", "5").code == 0
    assert home.here("reserve", "1").code == 0
    is_healthy(home)


def test_eight_processes_create_a_file(tmp_path: Path) -> None:
    is_begun_at_once(Home(tmp_path))


def test_eight_processes_create_a_store_on_a_server(bare: Home) -> None:
    is_begun_at_once(bare)


def test_eight_processes_create_a_store_for_roles(bare: Home, server: Server) -> None:
    role, reader = server.create_role("airbook"), server.create_role("reader")
    is_begun_at_once(bare, "--role", role, "--reader", reader)
