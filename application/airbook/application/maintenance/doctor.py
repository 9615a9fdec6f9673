"""The doctor: every promise the store makes, checked against the log itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any

import sqlalchemy as sql
from msgspec import Struct

from airbook.application.airbook import Airbook
from airbook.application.maintenance.audit import Finding, Ledger
from airbook.application.text.labels import mark
from airbook.eventlog.partition import settled_up_to
from airbook.eventlog.sqlite.errors import translate_errors
from airbook.projections.checkpoints import checkpoints
from airbook.projections.temporal import ReadModel, apply_events

# Before it, two checkpoints at once can lose a commit: https://www.sqlite.org/wal.html#walresetbug
SAFE_SQLITE = (3, 51, 3)
BATCH = 1_000
MOST = 10  # of what is missing; more would tell nothing new


class Report(Struct, frozen=True):
    """What was looked at, what was found wrong, and what is only worth knowing."""

    events: int
    views: int
    findings: list[Finding]
    notes: list[Finding]


def examine(airbook: Airbook) -> Report:
    """Check every promise. Raises StoreError if the log cannot be read at all."""
    ledger = Ledger()
    with translate_errors(airbook.store.url):
        findings = [*file_modes(airbook), *damage(airbook)]
    # What is promised is read before the events that must keep it: others go on writing.
    numbers, settled_to = (
        airbook.log.registry.numbers(),
        settled_up_to(airbook.log.registry.checkpoints()),
    )
    head, parked = airbook.log.head(), airbook.log.registry.parked()
    while ledger.position < head and (events := airbook.log.after(ledger.position, BATCH)):
        for recorded in events:
            ledger.add(recorded)
    findings += ledger.findings
    findings += ledger.unsettled(settled_to, {one.reservation for one in parked})
    findings += unkept(numbers, ledger)
    findings += [
        Finding(
            "parked",
            mark("Reservation {number} is put aside: {error}"),
            {"number": one.reservation, "error": one.error},
        )
        for one in parked
        if not one.dropped
    ]
    findings += views_unlike_the_log(airbook)
    return Report(
        ledger.position, len(airbook.queries.views.read_models), findings, list(notes(airbook))
    )


def file_modes(airbook: Airbook) -> Iterator[Finding]:
    """Others than the owner must not read or write the files."""
    for path, mode in airbook.store.exposed().items():
        sentence = mark("{path} can be opened by others: its mode is {mode}, not 600.")
        yield Finding("file_mode", sentence, {"path": str(path), "mode": f"{mode:o}"})


def damage(airbook: Airbook) -> Iterator[Finding]:
    """The database's own check of itself, and of what keeps events as they are."""
    for complaint in airbook.log.diagnostics.complaints():
        sentence = mark("The log is damaged: {complaint}")
        yield Finding("damaged", sentence, {"complaint": complaint})


def unkept(numbers: Mapping[str, int], ledger: Ledger) -> Iterator[Finding]:
    """What was acknowledged must be there: each number that was given has a stream."""
    for kind, last in numbers.items():
        there = {stream.number for stream in ledger.versions if stream.kind == kind}
        missing = (number for number in range(1, last + 1) if number not in there)
        for number in islice(missing, MOST):
            sentence = mark("{kind} {number} was acknowledged and is not in the log.")
            yield Finding("acknowledged_lost", sentence, {"kind": kind, "number": number})


def views_unlike_the_log(airbook: Airbook) -> Iterator[Finding]:
    """Each view must equal a fresh fold of the log, row by row."""
    airbook.queries.catch_up()
    with airbook.queries.views.database.reading_long() as connection:
        reached = {one.view: one.position for one in checkpoints(connection)}
        for view in airbook.queries.views.read_models.values():
            with fresh(airbook, view, reached[view.name]) as folded:
                row = first_difference(view, connection, folded)
            if row is not None:
                sentence = mark("The view {view} differs from the log at row {row}.")
                yield Finding("view_differs", sentence, {"view": view.name, "row": row})


def fresh(airbook: Airbook, view: ReadModel[Any], position: int) -> sql.Connection:
    """Fold the log up to a position into a view in memory."""
    connection = sql.create_engine("sqlite://", poolclass=sql.NullPool).connect()
    view.table.create(connection)
    reached = 0
    while reached < position:
        events = airbook.log.after(reached, min(BATCH, position - reached))
        apply_events(connection, view, view.table, events)
        reached = events[-1].position
    return connection


def first_difference(
    view: ReadModel[Any], one: sql.Connection, other: sql.Connection
) -> str | None:
    """Compare a view in two databases; returns the first row that differs, as text."""
    query = sql.select(view.table).order_by(*view.table.primary_key.columns)
    rows: Iterator[tuple[Any, Any]] = zip_longest(one.execute(query), other.execute(query))
    return next((str(found or expected) for found, expected in rows if found != expected), None)


def notes(airbook: Airbook) -> Iterator[Finding]:
    """What is worth knowing and wrong with nothing."""
    database, _ = airbook.log.diagnostics.describe()
    if database.startswith("SQLite") and sqlite3.sqlite_version_info < SAFE_SQLITE:
        sentence = mark(
            "SQLite {version} has a rare fault that 3.51.3 mends; airbook makes it rarer still."
        )
        yield Finding("sqlite_version", sentence, {"version": sqlite3.sqlite_version})
