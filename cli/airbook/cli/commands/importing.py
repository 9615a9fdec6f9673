"""Many reservations at once, from a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from typing import Annotated

import typer
from msgspec import structs

from airbook.application.responses import Imported, RefusedLine
from airbook.application.text import parsing, terminal
from airbook.application.text.formatting import encode
from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped
from airbook.cli.commands.request_lines import Lines
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import REFUSED, explain
from airbook.cli.output.progress import counted
from airbook.domain.refusal import Refused
from airbook.eventlog.records import Receipt


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", cls=Command)(import_)


def import_(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=mark("The file; - is standard input."))
    ],
) -> None:
    """Request the seats a file asks for: a line each, JSON or CSV: airplane, customer, key.

    airbook import requests.csv
    airbook import requests.jsonl -o json
    """
    session = session_of(ctx)
    descriptor, size = opened(file)
    lines = Lines(descriptor, parsing.name(session.settings.customer))
    imported = Imported(0, 0, [])
    try:
        counted(session, importing(session, lines, imported), size, mark("Bytes"))
    except BaseException:
        if imported.accepted or imported.refused:  # broken off, what was accepted is accepted
            report(session, imported, lines.without_key)
        raise
    report(session, imported, lines.without_key)
    session.warn_without_daemon()
    if imported.refused:
        raise typer.Exit(REFUSED)


def report(session: Session, imported: Imported, without_key: int) -> None:
    """Say what became of the lines that were read."""
    if session.format in {"table", "plain"}:
        told = mark("Imported: {accepted} accepted, {repeated} accepted before, {refused} refused.")
        counts = (imported.accepted, imported.repeated, len(imported.refused))
        names = ("accepted", "repeated", "refused")
        print(session.label(told, dict(zip(names, counts, strict=True))))
        for one in imported.refused:
            tell_refused(session, one)
    else:
        session.printer.one(imported, "")
    if without_key:
        sentence = mark("Lines without a key: {count}. Imported again, they ask for seats again.")
        session.say(sentence, count=without_key)


def opened(file: str) -> tuple[int, int | None]:
    """Open a file; returns its descriptor and how many bytes it has, None for a pipe."""
    if file == "-":
        return sys.stdin.fileno(), None
    try:
        descriptor = os.open(file, os.O_RDONLY)
        if os.path.isdir(file):  # noqa: PTH112 -- Path's raises for what cannot be a path
            raise IsADirectoryError
    except (OSError, ValueError):
        parsing.refuse(mark("The file {file} cannot be read."), file=terminal.shown(file))
    return descriptor, os.fstat(descriptor).st_size


def importing(session: Session, lines: Lines, imported: Imported) -> Generator[int, None, None]:
    """Request what lines ask for, and count what becomes of them; yields the bytes read."""
    for answers in lines.reserve(session.airbook):
        for answer in answers:
            if isinstance(answer.outcome, Receipt):
                imported.repeated += answer.outcome.repeated
                imported.accepted += not answer.outcome.repeated
            else:
                imported.refused.append(refused_line(session, answer.number, answer.outcome))
        yield lines.bytes


def refused_line(session: Session, number: int, fault: Refused | Mistyped) -> RefusedLine:
    """Say why a line was not taken. number: the line's, from 1."""
    told = explain(fault, ())
    message = terminal.visible(session.label(told.sentence, told.values))
    return RefusedLine(number, told.code, message)


def tell_refused(session: Session, one: RefusedLine) -> None:
    """Say on stderr that a line was not taken; to programs, as JSON."""
    if session.format in {"json", "jsonl"}:
        print(encode({"error": structs.asdict(one)}), file=sys.stderr)
    else:
        session.say(mark("Line {line}: {message}"), line=one.line, message=one.message)
