"""The command that shows the store, the daemon, the views and the reservations."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from typing import Annotated

import typer

from airbook.application.responses import Status
from airbook.application.text import parsing
from airbook.application.text.formatting import UNFINISHED
from airbook.application.text.labels import mark
from airbook.cli.framework.as_of import AsOf, find_position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.stdout import print_sentence
from airbook.eventlog.subscription import ticks

REDRAW_SECONDS = 0.25
REFRESH_SECONDS = 1.0  # the age of the heartbeat changes without events


def register(app: typer.Typer) -> None:
    """Add the command `status`."""
    app.command("status", cls=Command)(status)


def status(
    ctx: typer.Context,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help=mark("Keep it up to date; Ctrl-C ends."))
    ] = False,
    as_of: AsOf = None,
) -> None:
    """Show the store, the daemon, the views and the reservations at a glance.

    airbook status
    airbook status --watch
    """
    session = session_of(ctx)
    if watch and as_of is not None:
        parsing.refuse(mark("--watch shows what comes, --as-of what was: say one of them."))
    if not watch:
        print_status(session, session.airbook.queries.status(as_of=find_position(session, as_of)))
        return
    session.enable_garbage_collection()
    if session.format == "table" and sys.stdout.isatty():
        watch_on_terminal(session)
    else:
        watch_in_pipe(session)


def print_status(session: Session, found: Status) -> None:
    """Print a status; the table format prints sentences."""
    if session.format == "table":
        for sentence in sentences(session, found):
            print_sentence(sentence)
    else:
        session.printer.one(found, "")


def sentences(session: Session, found: Status) -> list[str]:
    """Return the lines that describe a status."""
    label, counts = session.label, found.reservations
    running = mark("Daemon: running, last heartbeat {age} s ago.")
    stopped = mark("Daemon: not running. Start it: airbook daemon")
    stray = mark(
        "Daemon: process {pid} holds the lease and works on a file that is gone."
        " Stop it: kill {pid}"
    )
    behind = max((view.lag_events for view in found.views), default=0)
    return [
        label(
            mark("Store: {store}, {position} events."),
            {"store": found.store, "position": found.position},
        ),
        label(running, {"age": f"{found.daemon.heartbeat_age_seconds:.1f}"})
        if found.daemon.running
        else label(stray, {"pid": found.daemon.stray})
        if found.daemon.stray
        else label(stopped),
        label(mark("Airplanes: {airplanes}."), {"airplanes": found.airplanes}),
        label(
            mark(
                "Reservations: {received} received, {approved} approved,"
                " {rejected} rejected, {cancelled} cancelled."
            ),
            counts,
        ),
        label(mark("Views: {behind} events behind."), {"behind": behind}),
        label(mark("Parked: {parked}."), {"parked": found.parked}),
        *([label(UNFINISHED)] if found.unfinished else []),
    ]


def watch_on_terminal(session: Session) -> None:
    """Redraw the status when the log grows and once a second, at most four times a second."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(no_color=not session.is_colored(), highlight=False)
    ticking = ticks(session.airbook.log, stop=lambda: False, seconds=lambda: REFRESH_SECONDS)
    with Live(console=console) as live, closing(ticking):
        for _ in ticking:
            lines = sentences(session, session.airbook.queries.status())
            live.update(Text("\n".join(lines)), refresh=True)
            time.sleep(REDRAW_SECONDS)


def watch_in_pipe(session: Session) -> None:
    """Print the status again each time the log has grown."""
    last = -1
    with closing(ticks(session.airbook.log, stop=lambda: False)) as ticking:
        for _ in ticking:
            found = session.airbook.queries.status()
            if found.position != last:
                last = found.position
                print_status(session, found)
                sys.stdout.flush()
