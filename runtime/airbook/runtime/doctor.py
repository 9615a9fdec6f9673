"""The doctor: every promise the store makes, checked against the log itself."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import sqlalchemy as sql
from msgspec import Struct

from airbook.domain.store import explained
from airbook.projections.remembering import project
from airbook.projections.views import View
from airbook.runtime.book import Airbook
from airbook.runtime.labels import mark
from airbook.runtime.ledger import Finding, Ledger

# Before it, two checkpoints at once can lose a commit: https://www.sqlite.org/wal.html#walresetbug
SAFE_SQLITE = (3, 51, 3)
BATCH = 1_000
APPROVER = "approver"


class Report(Struct, frozen=True):
    """What was looked at, what was found wrong, and what is only worth knowing."""

    facts: int
    views: int
    findings: list[Finding]
    notes: list[Finding]


def examine(book: Airbook) -> Report:
    """Check every promise. Raises StoreError if the log cannot be read at all."""
    ledger = Ledger()
    with explained(book.store):
        findings = [*file_modes(book), *damage(book)]
    approved_to, head = book.log.tracked(APPROVER), book.log.head()
    parked = book.log.recorder.parked()
    while ledger.position < head and (events := book.log.after(ledger.position, BATCH)):
        for event in events:
            ledger.add(event)
    findings += ledger.findings
    findings += ledger.stuck(approved_to, parked)
    findings += unkept(book, ledger)
    findings += [
        Finding(
            "parked",
            mark("Reservation {number} is put aside: {error}"),
            {"number": one.reservation, "error": one.error},
        )
        for one in parked
        if not one.dropped
    ]
    findings += views_unlike_the_log(book)
    return Report(ledger.position, len(book.pages.views.views), findings, list(notes()))


def file_modes(book: Airbook) -> Iterator[Finding]:
    """Others than the owner must not read or write the files."""
    for path in (book.store, *book.store.parent.glob(f"{book.store.stem}.*")):
        if path.is_file() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            sentence = mark("{path} can be opened by others: its mode is {mode}, not 600.")
            yield Finding("file_mode", sentence, {"path": str(path), "mode": f"{mode:o}"})


def damage(book: Airbook) -> Iterator[Finding]:
    """SQLite's own check of the file, and the triggers that keep facts as they are."""
    for complaint in book.log.recorder.complaints():
        sentence = mark("The log is damaged: {complaint}")
        yield Finding("damaged", sentence, {"complaint": complaint})


def unkept(book: Airbook, ledger: Ledger) -> Iterator[Finding]:
    """What was acknowledged must be there: each number that was given has a stream."""
    for kind, last in book.log.recorder.numbers().items():
        there = {stream.number for stream in ledger.versions if stream.kind == kind}
        for number in sorted(set(range(1, last + 1)) - there):
            sentence = mark("{kind} {number} was acknowledged and is not in the log.")
            yield Finding("acknowledged_lost", sentence, {"kind": kind, "number": number})


def views_unlike_the_log(book: Airbook) -> Iterator[Finding]:
    """Each view must equal a fresh fold of the log, row by row."""
    book.pages.catch_up()
    with book.pages.views.reading() as connection:
        for checkpoint in book.pages.views.checkpoints():
            view = book.pages.views.views[checkpoint.view]
            with fresh(book, view, checkpoint.position) as folded:
                row = first_difference(view, connection, folded)
            if row is not None:
                sentence = mark("The view {view} differs from the log at row {row}.")
                yield Finding("view_differs", sentence, {"view": view.name, "row": row})


def fresh(book: Airbook, view: View, position: int) -> sql.Connection:
    """Fold the log up to a position into a view in memory."""
    connection = sql.create_engine("sqlite://").connect()
    view.table.create(connection)
    reached = 0
    while reached < position:
        events = book.log.after(reached, min(BATCH, position - reached))
        project(connection, view, view.table, events)
        reached = events[-1].position
    return connection


def first_difference(view: View, one: sql.Connection, other: sql.Connection) -> str | None:
    """Compare a view in two databases; returns the first row that differs, as text."""
    query = sql.select(view.table).order_by(*view.table.primary_key.columns)
    rows: Iterator[tuple[Any, Any]] = zip_longest(one.execute(query), other.execute(query))
    return next((str(found or expected) for found, expected in rows if found != expected), None)


def notes() -> Iterator[Finding]:
    """What is worth knowing and wrong with nothing."""
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        sentence = mark(
            "SQLite {version} has a rare fault that 3.51.3 mends; airbook keeps clear of it."
        )
        yield Finding("sqlite_version", sentence, {"version": sqlite3.sqlite_version})
