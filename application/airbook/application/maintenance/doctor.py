"""The doctor: checks every promise of a store against its log."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress

from msgspec import Struct

from airbook.application.airbook import Airbook
from airbook.application.maintenance.decisions_check import DecisionsCheck
from airbook.application.maintenance.digests_check import DigestsCheck
from airbook.application.maintenance.findings import Finding, Findings
from airbook.application.maintenance.order_check import OrderCheck
from airbook.application.maintenance.registry_check import RegistryCheck
from airbook.application.maintenance.seats_check import SeatsCheck
from airbook.application.maintenance.views_check import ViewsCheck
from airbook.application.text.formatting import UNFINISHED
from airbook.application.text.labels import mark
from airbook.eventlog.errors import StoreError
from airbook.eventlog.partition import settled_up_to
from airbook.eventlog.salvage import LostPositions, last_position, read_past_damage
from airbook.eventlog.sqlite.errors import translate_errors

# Before this version, two checkpoints at once can lose a commit:
# https://www.sqlite.org/wal.html#walresetbug
SAFE_SQLITE = (3, 51, 3)
DAMAGED = {"store_damaged", "views_damaged"}


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
    steps = examination(airbook)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: Report = end.value
            return report


def examination(airbook: Airbook) -> Generator[int, None, Report]:
    """Check every promise of a store, in one pass over its log.

    Yields the position reached; returns the report. Raises StoreError if the log cannot be read.
    """
    findings = Findings()
    for find in (file_modes, damage, stray_daemons, unfinished_copy):
        try:
            with translate_errors(airbook.store.url):
                findings.add(find(airbook))
        except StoreError as error:
            report_damage(findings, error)
    with ExitStack() as stack:
        log = airbook.log
        registry = RegistryCheck(log, findings)
        digests = DigestsCheck(log, findings)
        head = last_position(log)
        views = open_views(airbook, findings, stack)
        order = OrderCheck(findings)
        seats = SeatsCheck(findings)
        decisions = DecisionsCheck(findings, seats)
        adds = [one.add for one in (order, seats, decisions, views) if one]
        end = max(head, views.position if views else 0)
        for batch in read_past_damage(log, 0, end):
            if isinstance(batch, LostPositions):
                order.skip(batch)
                continue
            for row in batch:
                digests.add(row)
                recorded = log.decode(row)
                for add in adds:
                    add(recorded)
            yield order.position
        settled_to = settled_up_to(registry.checkpoints)
        findings.add(decisions.unsettled(settled_to, registry.parked_numbers()))
        findings.add(order.lost_numbers(registry.numbers))
        registry.check(order.position)
        digests.end()
        if views:
            findings.add(views.findings())
        number = len(airbook.queries.views.read_models) if views else 0
    return Report(order.position, number, findings.all(), [])


def open_views(airbook: Airbook, findings: Findings, stack: ExitStack) -> ViewsCheck | None:
    """Catch the views up with the log, and read them; None if they or the log are damaged."""
    try:
        airbook.queries.catch_up()
        views = airbook.queries.views
        connection = stack.enter_context(views.database.reading_long())
        return stack.enter_context(closing(ViewsCheck(views, connection)))
    except StoreError as error:
        report_damage(findings, error)
        return None


def report_damage(findings: Findings, error: StoreError) -> None:
    """Report damage as a finding, so that the other checks go on; raise any other error."""
    if error.code not in DAMAGED:
        raise error
    findings.report(error.code, error.sentence, **error.values)


def file_modes(airbook: Airbook) -> Iterator[Finding]:
    """Find the files that users other than their owner can open."""
    for path, mode in airbook.store.exposed().items():
        sentence = mark("{path} can be opened by others: its mode is {mode}, not 600.")
        yield Finding("file_mode", sentence, {"path": str(path), "mode": f"{mode:o}"})


def damage(airbook: Airbook) -> Iterator[Finding]:
    """Find the faults that the database reports, also missing triggers and what is foreign."""
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
            "Process {pid} holds the lease of this store and works on a file that is gone."
        )
        yield Finding("stray_daemon", sentence, {"pid": heartbeat.pid})


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
    with suppress(StoreError):  # the views have findings of their own
        yield from other_versions(airbook)


def other_versions(airbook: Airbook) -> Iterator[Finding]:
    """Find the other versions of airbook that fill views beside those of this one."""
    from airbook.projections.checkpoints import UNKNOWN
    from airbook.projections.other_versions import tables_of_others

    if not airbook.store.has_views():
        return
    head, reached = airbook.log.head(), dict[str, int]()
    for one in tables_of_others(airbook.queries.views):
        reached[one.version] = max(one.position, reached.get(one.version, 0))
    named = mark(
        "The views of another airbook ({version}) are kept here too, up to position {position} of"
        " {head}. A daemon removes them when they have stood still for a day while the log grows."
    )
    older = mark(
        "The views of an older airbook are kept here too, up to position {position} of {head}."
        " A daemon removes them when they have stood still for a day while the log grows."
    )
    for version, position in sorted(reached.items()):
        sentence = older if version == UNKNOWN else named
        yield Finding(
            "other_version", sentence, {"version": version, "position": position, "head": head}
        )
