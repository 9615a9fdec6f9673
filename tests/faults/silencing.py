"""A server that stops answering, and commands that give it up in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest
from psycopg import Connection
from psycopg.rows import DictRow

from airbook.eventlog.postgres import recorder
from airbook.eventlog.postgres.writes import insert
from airbook.eventlog.rows import Rows
from tests.support.home import Home
from tests.support.proxy import Proxy

SECONDS = 120.0  # of a hang: the deadlines of airbook add up to 2 or 3, of a kernel to minutes
SILENT = "The store {} cannot be reached: connection timeout expired"


@contextmanager
def in_time() -> Generator[None]:
    """Check that a block ends within SECONDS."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < SECONDS


def begin(served: Home) -> None:
    """Reserve a seat while the server answers."""
    assert served.here("admin", "add-plane", "--seats", "5").code == 0
    assert served.here("reserve", "1").code == 0


def gives_up(home: Home, proxy: Proxy, line: str) -> None:
    """Check that a command gives a silent server up. home: behind the proxy."""
    proxy.go_silent()
    with in_time():
        done = home.run(*line.split())
    assert (done.code, done.out, done.err.splitlines()) == (
        7,
        "",
        [SILENT.format(home.url), "hint: airbook config show"],
    )


def falls_silent(monkeypatch: pytest.MonkeyPatch, hush: Callable[[], None]) -> None:
    """Make the server silent just before the next commit."""
    times = [1]

    def insert_and_hush(connection: Connection[DictRow], rows: Rows) -> None:
        insert(connection, rows)
        if times and times.pop():
            hush()

    monkeypatch.setattr(recorder, "insert", insert_and_hush)
