"""The command that shows the events of the log, and new events as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from airbook.application import seed_format
from airbook.application.event_responses import event_responses
from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.as_of import AsOf, find_position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import EVENTS
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import RecordedEvent
from airbook.eventlog.salvage import LostPositions, last_position, read_past_damage
from airbook.eventlog.subscription import subscribe

# The columns are at least so wide from the first event on, and grow where events need more.
USUAL_CELLS = (
    *("12345678", "2026-11-22 09:00:00", "reservation-123", "ReservationRequested", "daemon"),
    *("12345678", ""),
)


class Format(StrEnum):
    """The formats of events."""

    NATIVE = "native"
    SEED = "seed"


def register(app: typer.Typer) -> None:
    """Add the command `events`."""
    app.command("events", cls=Command)(events)


def events(
    ctx: typer.Context,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", "-f", help=mark("Go on with new events as they come; Ctrl-C ends.")
        ),
    ] = False,
    since: Annotated[
        int,
        typer.Option(
            "--since",
            parser=parsing.number,
            metavar="POS",
            help=mark("Only events after this position."),
        ),
    ] = "0",  # type: ignore[assignment]  # Typer parses defaults too
    format: Annotated[  # noqa: A002 -- the option's name
        Format, typer.Option("--format", help=mark("native, or the seed's own JSON lines."))
    ] = Format.NATIVE,
    sort: Annotated[Sorting | None, sort_option(EVENTS)] = None,
    as_of: AsOf = None,
) -> None:
    """Show the log: every event, in order. Of a damaged file, every event that can be read.

    airbook events --follow
    airbook events --since 18 -o jsonl
    airbook events --format seed
    """
    session, lost = session_of(ctx), list[LostPositions]()
    if follow and as_of is not None:
        parsing.refuse(mark("--follow shows what comes, --as-of what was: say one of them."))
    if sort is not None and (follow or format is Format.SEED):
        parsing.refuse(mark("--follow and --format seed keep the order of the log: omit --sort."))
    until = find_position(session, as_of)
    batches = read_new(session, since) if follow else read_stored(session, since, until, lost)
    empty = session.label(empty_sentence(since=since, past=until is not None), {"position": since})
    if format is Format.SEED:
        print_seed_lines(batches, flush=follow)
    elif follow and session.format == "table":
        print_rows(session, batches)
    elif follow or (sort is None and session.format in {"jsonl", "plain"}):
        for batch in batches:
            session.printer.lines(event_responses(session.airbook.log, batch))
    else:
        log = session.airbook.log
        events = [one for batch in batches for one in event_responses(log, batch)]
        session.printer.many(sort_rows(events, sort), EVENTS, empty)
    report_lost(session, lost)


def empty_sentence(*, since: int, past: bool) -> str:
    """Return, in English, that there are no events. since: the value of --since."""
    if since:
        if past:
            return mark("No events had followed position {position} yet.")
        return mark("No events follow position {position}.")
    return mark("The log was empty.") if past else mark("The log is empty.")


def read_stored(
    session: Session, since: int, until: int | None, lost: list[LostPositions]
) -> Iterator[Sequence[RecordedEvent]]:
    """Yield batches of the events after a position, up to another position or to the end.

    lost: takes the positions whose events cannot be read, because the file is damaged there.
    """
    log = session.airbook.log
    for batch in read_past_damage(log, since, last_position(log) if until is None else until):
        if isinstance(batch, LostPositions):
            lost.append(batch)
        else:
            yield [log.decode(row) for row in batch]


def report_lost(session: Session, lost: Sequence[LostPositions]) -> None:
    """Raise StoreError if positions of a damaged store could not be read."""
    if lost:
        sentence = mark("The store {store} is damaged: the events at {positions} cannot be read.")
        ranges = ", ".join(
            f"{first}-{last}" if last > first else f"{first}" for first, last in lost
        )
        store = session.airbook.store.url
        raise StoreError("store_damaged", store, sentence, positions=ranges)


def read_new(session: Session, since: int) -> Iterator[Sequence[RecordedEvent]]:
    """Yield batches of the events after a position, and of new events without end."""
    session.enable_garbage_collection()
    return subscribe(session.airbook.log, since, stop=lambda: False)


def print_seed_lines(batches: Iterable[Sequence[RecordedEvent]], *, flush: bool) -> None:
    """Print events as the seed's own lines. flush: each line at once."""
    for batch in batches:
        for recorded in batch:
            for line in seed_format.lines(recorded):
                print(line, flush=flush)


def print_rows(session: Session, batches: Iterable[Sequence[RecordedEvent]]) -> None:
    """Print events as rows of one table, as they come."""
    table = session.printer.table(EVENTS)
    table.layout.add(USUAL_CELLS)
    for batch in batches:
        table.print(event_responses(session.airbook.log, batch), headed=False)
        sys.stdout.flush()
