"""The commands below `store`: create a store, show, check and copy it."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.airbook import Airbook
from airbook.application.text import parsing
from airbook.application.text.formatting import UNFINISHED
from airbook.application.text.labels import mark
from airbook.cli.framework.completion import complete_stores
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import FINDINGS
from airbook.cli.output.stdout import print_sentence


def register(app: typer.Typer) -> None:
    """Add the group `store`."""
    store = group(help=mark("The store: create, show, check and copy it."))
    store.command("init", cls=Command)(init)
    store.command("status", cls=Command)(status)
    store.command("check", cls=Command)(check)
    store.command("copy", cls=Command)(copy)
    app.add_typer(store, name="store")


def init(
    ctx: typer.Context,
    role: Annotated[
        str | None,
        typer.Option(
            parser=parsing.role,
            metavar="NAME",
            help=mark("The PostgreSQL role that airbook works as; it owns nothing."),
        ),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            parser=parsing.role, metavar="NAME", help=mark("A PostgreSQL role that may only read.")
        ),
    ] = None,
    print_sql: Annotated[
        bool, typer.Option("--print-sql", help=mark("Print what would be executed; do nothing."))
    ] = False,
) -> None:
    """Create the store. A file is created by itself; on a server, its owner does it once.

    airbook store init --store postgresql://owner@db/airbook --role airbook
    airbook store init --store postgresql:// --print-sql | psql airbook
    """
    session = session_of(ctx)
    store = session.settings.store
    if print_sql:
        statements = list(store.sql(role=role, reader=reader))
        print(";\n".join(["BEGIN", *statements, "COMMIT"]), end=";\n")
        return
    store.create(role=role, reader=reader)
    sentence = mark("The store is made, but the answer could not be printed: {error}")
    session.note_stored(sentence, "airbook store status")
    print_status(session)


def status(ctx: typer.Context) -> None:
    """Show where the store is, and how much it holds.

    airbook store status
    """
    print_status(session_of(ctx))


def print_status(session: Session) -> None:
    """Print the status of the store."""
    sentence = mark(
        "{store}: {database}, {position} events, {airplanes} airplanes,"
        " {reservations} reservations, {bytes} bytes."
    )
    found = session.airbook.store_status()
    session.printer.one(found, sentence)
    if found.unfinished and session.format == "table":
        print_sentence(session.label(UNFINISHED))


def check(ctx: typer.Context) -> None:
    """Check that the store keeps what it acknowledges; exit 8 if not. The doctor looks deeper.

    airbook store check
    """
    from airbook.application.maintenance.doctor import (
        Report,
        damage,
        file_modes,
        notes,
        unfinished_copy,
    )
    from airbook.cli.output.doctor_report import print_report

    session = session_of(ctx)
    airbook = session.airbook
    events = airbook.log.head()
    findings = [*file_modes(airbook), *damage(airbook), *unfinished_copy(airbook)]
    report = Report(events, 0, findings, [*notes(airbook)])
    print_report(report, session.label, session.format)
    if report.findings:
        raise typer.Exit(FINDINGS)


def copy(
    ctx: typer.Context,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="URL",
            autocompletion=complete_stores,
            help=mark("The store to copy from."),
        ),
    ],
    target: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL",
            autocompletion=complete_stores,
            help=mark("An empty store."),
        ),
    ],
) -> None:
    """Copy a log to another store, with its positions, numbers and keys, and verify the copy.

    airbook store copy --from sqlite:///airbook.db --to postgresql://db/airbook
    """
    from airbook.application.maintenance.copying import copy as copy_log
    from airbook.cli.output.progress import run_with_progress

    session = session_of(ctx)
    with (
        Airbook(session.settings.store_at(source)) as old,
        Airbook(session.settings.store_at(target)) as new,
    ):
        old.check_is_finished()
        head = old.log.head()
        new.store.create()
        copied = run_with_progress(
            copy_log(old.log, new.log), head, session.label, color=session.is_colored()
        )
        stored = mark("The copy is verified, but the answer could not be printed: {error}")
        session.note_stored(stored, f"airbook store status --store {new.store.url}")
        sentence = mark("Copied and verified: {events} events, {keys} keys, {customers} customers.")
        session.printer.one(copied, sentence)
