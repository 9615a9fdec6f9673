"""Reserving what standard input asks for, a line each, as the lines come."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from airbook.application.text import parsing
from airbook.application.text.formatting import RESERVATION_SENTENCES
from airbook.application.text.labels import mark
from airbook.cli.commands.importing import refused_line, tell_refused
from airbook.cli.commands.request_lines import Answer, Lines
from airbook.cli.commands.reserve import acknowledged
from airbook.cli.framework.session import Session
from airbook.cli.output.errors import REFUSED
from airbook.eventlog.records import Receipt


def reserve_many(session: Session, customer: str | None, *, alone: bool) -> int:
    """Answer each line; returns the exit code.

    customer: who reserves where a line does not say. alone: no option was said that is for one.
    """
    if not alone:
        parsing.refuse(mark("--key and --wait are for one reservation, not for many."))
    refused = 0
    lines = Lines(sys.stdin.fileno(), customer or parsing.name(session.settings.customer))
    for answers in lines.reserve(session.airbook):
        refused += print_all(session, answers)
    session.warn_without_daemon()
    return REFUSED if refused else 0


def print_all(session: Session, answers: Sequence[Answer]) -> int:
    """Print what became of lines, in their order; returns how many were refused."""
    refused = 0
    for number, order, found in answers:
        if not isinstance(found, Receipt):
            refused += 1
            tell_refused(session, refused_line(session, number, found))
        elif order is not None:
            response = acknowledged(session, order, found)
            if session.format == "table":
                session.printer.one(response, RESERVATION_SENTENCES[response.status])
            else:
                session.printer.lines([response])
    sys.stdout.flush()
    return refused
