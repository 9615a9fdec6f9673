"""The doctor: checks every promise of a store against its log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any

import sqlalchemy as sql
from msgspec import Struct

from airbook.application.airbook import Airbook
from airbook.application.maintenance.audit import Finding, Ledger
from airbook.application.text.formatting import UNFINISHED, format_event_data
from airbook.application.text.labels import mark
from airbook.domain.decider import AIRPLANE
from airbook.eventlog.partition import settled_up_to
from airbook.eventlog.records import ParkedReservation
from airbook.eventlog.sqlite.errors import translate_errors
from airbook.projections.checkpoints import checkpoints
from airbook.projections.temporal import ReadModel, apply_events

# Before this version, two checkpoints at once can lose a commit:
# https://www.sqlite.org/wal.html#walresetbug
SAFE_SQLITE = (3, 51, 3)
BATCH = 1_000
MAX_MISSING = 10  # findings for missing numbers, of each kind


class Report(Struct, frozen=True):
    """The result of an examination.

    events, views: how many were checked. findings: broken promises. notes: what an
    operator should know, although it is no fault.
    """

    events: int
    views: int
    findings: list[Finding]
    notes: list[Finding]


def examine(airbook: Airbook) -> Report:
    """Check every promise of a store. Raises StoreError if the log cannot be read."""
    ledger, log = Ledger(), airbook.log
    with translate_errors(airbook.store.url):
        findings = [*file_modes(airbook), *damage(airbook)]
    # Read before the events: other processes go on writing, and the events must not be older.
    numbers, settled_to = log.registry.numbers(), settled_up_to(log.registry.checkpoints())
    head, parked = log.head(), log.registry.parked()
    while ledger.position < head and (events := log.after(ledger.position, BATCH)):
        for recorded in events:
            ledger.add(recorded)
    findings += ledger.findings
    findings += ledger.unsettled(settled_to, {one.reservation for one in parked})
    findings += lost_numbers(numbers, ledger)
    findings += parked_reservations(parked)
    findings += stray_daemons(airbook)
    findings += unfinished_copy(airbook)
    findings += differing_views(airbook)
    return Report(ledger.position, len(airbook.queries.views.read_models), findings, [])


def file_modes(airbook: Airbook) -> Iterator[Finding]:
    """Find the files that users other than their owner can open."""
    for path, mode in airbook.store.exposed().items():
        sentence = mark("{path} can be opened by others: its mode is {mode}, not 600.")
        yield Finding("file_mode", sentence, {"path": str(path), "mode": f"{mode:o}"})


def damage(airbook: Airbook) -> Iterator[Finding]:
    """Find the faults that the database reports, also missing triggers."""
    for complaint in airbook.log.diagnostics.complaints():
        sentence = mark("The log is damaged: {complaint}")
        yield Finding("damaged", sentence, {"complaint": complaint})


def unfinished_copy(airbook: Airbook) -> Iterator[Finding]:
    """Find that the store is a copy that is not verified yet."""
    if airbook.log.registry.is_unfinished():
        yield Finding("unfinished_copy", UNFINISHED, {})


def stray_daemons(airbook: Airbook) -> Iterator[Finding]:
    """Find the daemons that keep other daemons from this store, and work on a file that is gone."""
    for heartbeat in airbook.log.diagnostics.strays().values():
        sentence = mark(
            "Process {pid} holds the lease of this store and works on a file that is gone:"
            " kill {pid}"
        )
        yield Finding("stray_daemon", sentence, {"pid": heartbeat.pid})


def lost_numbers(numbers: Mapping[str, int], ledger: Ledger) -> Iterator[Finding]:
    """Find numbers that were given, and therefore acknowledged, but have no stream.

    numbers: the last number given, by kind.
    """
    for kind, last in numbers.items():
        existing = {stream.number for stream in ledger.versions if stream.kind == kind}
        missing = (number for number in range(1, last + 1) if number not in existing)
        for number in islice(missing, MAX_MISSING):
            sentence = (
                mark("Airplane {number} was acknowledged and is not in the log.")
                if kind == AIRPLANE.kind
                else mark("Reservation {number} was acknowledged and is not in the log.")
            )
            yield Finding("acknowledged_lost", sentence, {"kind": kind, "number": number})


def parked_reservations(parked: Sequence[ParkedReservation]) -> Iterator[Finding]:
    """Find the parked reservations that were not dropped."""
    for one in parked:
        if not one.dropped:
            sentence = mark("Reservation {number} is parked: {error}")
            yield Finding("parked", sentence, {"number": one.reservation, "error": one.error})


def differing_views(airbook: Airbook) -> Iterator[Finding]:
    """Find the views that differ from the same view built anew from the log."""
    airbook.queries.catch_up()
    with airbook.queries.views.database.reading_long() as connection:
        reached = {one.view: one.position for one in checkpoints(connection)}
        for read_model in airbook.queries.views.read_models.values():
            with built_in_memory(airbook, read_model, reached[read_model.name]) as folded:
                row = first_difference(read_model, connection, folded)
            if row is not None:
                sentence = mark("The view {view} differs from the log in this row: {row}")
                yield Finding("view_differs", sentence, {"view": read_model.name, "row": row})


def built_in_memory(airbook: Airbook, read_model: ReadModel[Any], position: int) -> sql.Connection:
    """Build a view in memory from the events up to a position; returns the connection to it."""
    connection = sql.create_engine("sqlite://", poolclass=sql.NullPool).connect()
    read_model.table.create(connection)
    reached = 0
    while reached < position:
        events = airbook.log.after(reached, min(BATCH, position - reached))
        apply_events(connection, read_model, read_model.table, events)
        reached = events[-1].position
    return connection


def first_difference(
    read_model: ReadModel[Any], one: sql.Connection, other: sql.Connection
) -> str | None:
    """Compare a view in two databases; return the first differing row as text, None if equal."""
    query = sql.select(read_model.table).order_by(*read_model.table.primary_key.columns)
    rows: Iterator[tuple[Any, Any]] = zip_longest(one.execute(query), other.execute(query))
    return next(
        (
            format_event_data((found or expected)._asdict())
            for found, expected in rows
            if found != expected
        ),
        None,
    )


def notes(airbook: Airbook) -> Iterator[Finding]:
    """Find what an operator can improve, although it is no fault of the store."""
    database, _ = airbook.log.diagnostics.describe()
    if database.startswith("SQLite") and sqlite3.sqlite_version_info < SAFE_SQLITE:
        sentence = mark(
            "SQLite {version} has a rare fault (https://www.sqlite.org/wal.html#walresetbug);"
            " airbook makes it rarer still. To be safe from it, run airbook with a Python whose"
            " SQLite is 3.51.3 or newer: SQLite is a part of Python or of the operating system,"
            " and pip cannot replace it."
        )
        yield Finding("sqlite_version", sentence, {"version": sqlite3.sqlite_version})
