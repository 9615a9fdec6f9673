"""Reserving and deciding in one process, compared with commits of the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.daemon.approver import Approver
from airbook.domain.airplane import CreateAirplane
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Append, Transaction
from benchmarks import raw
from benchmarks.grouping import grouping
from benchmarks.report import Figure, folder

RESERVATIONS = 3_000
WAITING = 10_000


def reserving() -> Iterator[Figure]:
    """Reserve in turns with commits of one row by the baseline."""
    with folder() as path, Airbook(SQLiteStore(path / "airbook.db")) as airbook:
        connection = raw.open_raw(path / "raw.db")
        airbook.execute(CreateAirplane(1_000))
        ours = theirs = 0.0
        for number in range(RESERVATIONS):
            began = perf_counter()
            airbook.execute(Reserve(1, "kim"))
            ours += perf_counter() - began
            theirs += raw.commit(connection, [raw.row(number)])
        connection.close()
        one = theirs / RESERVATIONS
        groups = list(grouping(airbook, one, "raw sqlite3 FULL commits", 10))
    ratio = theirs / ours
    yield Figure(
        "reserve, one process in a loop",
        f"{RESERVATIONS / ours:,.0f} a second",
        f"{RESERVATIONS / theirs:,.0f} raw sqlite3 FULL commits a second",
        f"{ratio:.2f}",
        "0.9",
        ratio >= 0.9,
        f"of {ours / RESERVATIONS * 1e6:.0f} µs a command, {theirs / RESERVATIONS * 1e6:.0f} are"
        f" what a raw commit takes; {(ours - theirs) / RESERVATIONS * 1e6:.0f} are ours: the number"
        " from its counter, the customer's look-up, JSON, and waking subscribers",
    )
    yield from groups


def deciding() -> Iterator[Figure]:
    """Decide in batches, compared with single rows and with batches of a hundred rows."""
    with folder() as path, Airbook(SQLiteStore(path / "airbook.db")) as airbook:
        for _ in range(WAITING // 1_000):
            airbook.execute(CreateAirplane(1_000))
        for first in range(0, WAITING, 500):
            requests = [
                Append("reservation", None, 0, (ReservationRequested(1 + n // 1_000, "c1"),))
                for n in range(first, first + 500)
            ]
            airbook.log.append(Transaction(at=airbook.clock(), appends=requests))
        approver = Approver(airbook.log, airbook.clock)
        began = perf_counter()
        while approver.step():
            pass
        seconds = perf_counter() - began
        connection = raw.open_raw(path / "raw.db")
        one = sum(raw.commit(connection, [raw.row(n)]) for n in range(2_000)) / 2_000
        hundred = (
            sum(
                raw.commit(connection, [raw.row(n) for n in range(first, first + 100)])
                for first in range(10_000, 30_000, 100)
            )
            / 20_000
        )
        connection.close()
    each = seconds / WAITING
    yield Figure(
        "decisions, batches of 500, FULL",
        f"{1 / each:,.0f} decisions a second, two rows each",
        f"{1 / one:,.0f} raw rows a second one by one",
        f"{one / each:.1f}",
        "15",
        one / each >= 15,
        "reading the requests, folding, deciding and encoding, all in Python; the disk is waited"
        " for twenty times only",
    )
    yield Figure(
        "the same, in rows",
        f"{2 / each:,.0f} rows a second",
        f"{1 / hundred:,.0f} raw rows a second by 100",
        f"{2 * hundred / each:.2f}",
        "0.7",
        2 * hundred / each >= 0.7,
        "as above",
    )
