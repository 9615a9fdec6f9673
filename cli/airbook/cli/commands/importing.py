"""The command that imports reservation requests from a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from typing import Annotated

import typer

from airbook.application.responses import Imported
from airbook.application.text import parsing, terminal
from airbook.application.text.labels import mark
from airbook.cli.commands.acknowledgement import StoredReservations
from airbook.cli.commands.request_lines import Lines
from airbook.cli.framework.arguments import customer_option
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import REFUSED
from airbook.cli.output.progress import run_with_progress
from airbook.cli.output.refused_lines import print_refused_line, refused_line
from airbook.eventlog.records import Receipt


def register(app: typer.Typer) -> None:
    """Add the command `import`."""
    app.command("import", cls=Command)(import_)


def import_(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=mark("The file; - is standard input."))
    ],
    customer: Annotated[
        str | None,
        customer_option(mark("Who reserves where a line names nobody.")),
    ] = None,
) -> None:
    """Request a seat for each line of a file, JSON or CSV: airplane, customer, key.

    airbook import requests.csv
    airbook import requests.jsonl -o json
    airbook import requests.csv --customer kim
    """
    session = session_of(ctx)
    descriptor, size = open_file(file)
    lines = Lines(descriptor, customer)
    imported = Imported(0, 0, [])
    try:
        run_with_progress(
            import_lines(session, lines, imported),
            size,
            session.label,
            color=session.is_colored(),
            unit=mark("Bytes"),
        )
    except BaseException:
        if imported.accepted or imported.refused:  # the lines before the error stay accepted
            print_imported(session, imported, lines.without_key)
        raise
    print_imported(session, imported, lines.without_key)
    session.warn_without_daemon()
    if imported.refused:
        raise typer.Exit(REFUSED)


def print_imported(session: Session, imported: Imported, without_key: int) -> None:
    """Print the results of the import; refused lines are listed in the formats for people.

    without_key: how many accepted requests had no idempotency key.
    """
    if session.format in {"table", "plain"}:
        sentence = mark(
            "Imported: {accepted} accepted, {repeated} accepted before, {refused} refused."
        )
        counts = (imported.accepted, imported.repeated, len(imported.refused))
        names = ("accepted", "repeated", "refused")
        print(session.label(sentence, dict(zip(names, counts, strict=True))))
        for line in imported.refused:
            print_refused_line(line, session.label, session.format)
    else:
        session.printer.one(imported, "")
    if without_key:
        sentence = mark("Lines without a key: {count}. Imported again, they ask for seats again.")
        session.print_note(sentence, count=without_key)


def open_file(file: str) -> tuple[int, int | None]:
    """Open a file; returns its descriptor and its size in bytes, None for standard input.

    Raises Mistyped.
    """
    if file == "-":
        return sys.stdin.fileno(), None
    try:
        if os.path.isdir(file):  # noqa: PTH112 -- Path's raises for what cannot be a path
            raise IsADirectoryError
        descriptor = os.open(file, os.O_RDONLY)
    except (OSError, ValueError) as error:
        parsing.refuse(reason_of(error), file=terminal.shown(file))
    return descriptor, os.fstat(descriptor).st_size


def reason_of(error: OSError | ValueError) -> str:
    """Return the English sentence that says why a file cannot be opened."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return mark("The file {file} does not exist.")
        case IsADirectoryError():
            return mark("{file} is a folder, not a file.")
        case PermissionError():
            return mark("The user who runs airbook may not read the file {file}.")
        case _:
            return mark("The file {file} cannot be read.")


def import_lines(session: Session, lines: Lines, imported: Imported) -> Generator[int, None, None]:
    """Request the seats that the lines ask for; yields the bytes read so far.

    imported: is updated with each result.
    """
    stored = StoredReservations(session)
    for results in lines.reserve(session.airbook):
        for result in results:
            if isinstance(result.outcome, Receipt):
                stored.add(result.outcome.number)
                imported.repeated += result.outcome.repeated
                imported.accepted += not result.outcome.repeated
            else:
                imported.refused.append(refused_line(result.number, result.outcome, session.label))
        yield lines.bytes
