"""The benchmarks of writing on PostgreSQL, compared with psycopg alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from time import perf_counter

import psycopg

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.stores.postgres import PostgresStore
from airbook.daemon.approver import Approver
from airbook.domain.airplane import CreateAirplane
from benchmarks import raw
from benchmarks.grouping import grouping
from benchmarks.latency import figures
from benchmarks.report import Figure
from tests.support.postgres_server import OwnServer

RESERVATIONS = 2_000
WAITING = 10_000
WRITERS = 8


def on_a_server() -> Iterator[Figure]:
    """Measure reserving, deciding, group commit and latency on a server of its own."""
    with closing(OwnServer(within="/tmp")) as server:
        server.start()
        store = PostgresStore(server.create_database())
        store.create()
        with Airbook(store) as airbook:
            airbook.execute(CreateAirplane(1_000))
            ours, theirs = one_by_one(airbook, server.create_database())
            yield Figure(
                "PostgreSQL: reserve, one process in a loop",
                f"{1 / ours:,.0f} a second",
                f"{1 / theirs:,.0f} raw psycopg inserts a second, a commit each",
                f"{theirs / ours:.2f}",
                "0.4",
                theirs / ours >= 0.4,
                "two round trips instead of one: the lock and what must be known, then the rows",
            )
            yield writers(store)
            yield from grouping(airbook, theirs, "raw psycopg commits", 8)
            yield deciding(airbook, theirs)
        quiet = PostgresStore(server.create_database())
        quiet.create()
        yield from figures(quiet, "PostgreSQL: ", decided=(15, 40), visible=(15, 40))


def one_by_one(airbook: Airbook, database: str) -> tuple[float, float]:
    """Reserve in turns with inserts of psycopg; returns the seconds of one of each."""
    ours = theirs = 0.0
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE events (stream text, version bigint, type text, state bytea,"
            " PRIMARY KEY (stream, version))"
        )
        for number in range(RESERVATIONS):
            began = perf_counter()
            airbook.execute(Reserve(1, "kim"))
            between = perf_counter()
            connection.execute("INSERT INTO events VALUES (%s, %s, %s, %s)", raw.row(number))
            ours += between - began
            theirs += perf_counter() - between
    return ours / RESERVATIONS, theirs / RESERVATIONS


def writers(store: PostgresStore) -> Figure:
    """Compare eight processes that reserve with one process."""
    alone, together = (rate(store, count) for count in (1, WRITERS))
    return Figure(
        f"PostgreSQL: {WRITERS} processes that reserve",
        f"{together:,.0f} a second",
        f"{alone:,.0f} a second from one",
        f"{together / alone:.2f}",
        "1.2",
        together / alone >= 1.2,
        "one commit at a time keeps positions in order; on two cores processes share the rest",
    )


def rate(store: PostgresStore, count: int) -> float:
    """Reserve from several processes; returns their reservations a second in total."""
    times = RESERVATIONS // count
    command = [sys.executable, "-m", "benchmarks.writer", store.secret_url, str(times)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for process in processes:
        assert process.stdout
        process.stdout.readline()
    began = perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
    return count * times / (perf_counter() - began)


def deciding(airbook: Airbook, theirs: float) -> Figure:
    """Decide pending requests in batches."""
    approver = Approver(airbook.log, airbook.clock)
    while approver.step():
        pass
    for _ in range(WAITING // 500):
        airbook.execute_all([Order(Reserve(1, "kim"))] * 500)
    began = perf_counter()
    while approver.step():
        pass
    each = (perf_counter() - began) / WAITING
    return Figure(
        "PostgreSQL: decisions, batches of 500",
        f"{1 / each:,.0f} a second",
        f"{1 / theirs:,.0f} raw psycopg commits a second",
        f"{theirs / each:.1f}",
    )
