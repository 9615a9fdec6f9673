"""The command `reserve -`: requests from standard input, answered line by line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.acknowledgement import StoredReservations, acknowledged
from airbook.cli.commands.request_lines import LineResult, Lines
from airbook.cli.framework.session import Session
from airbook.cli.output.errors import REFUSED
from airbook.cli.output.refused_lines import print_refused_line, refused_line
from airbook.eventlog.records import Receipt


def reserve_many(session: Session, customer: str | None, *, single_options: bool) -> int:
    """Request the seats that standard input names, and print each result; returns the exit code.

    customer: the customer of a line without one; None refuses such a line. single_options: whether
    --key or --wait was given. Raises Mistyped for them.
    """
    if single_options:
        parsing.refuse(mark("--key and --wait are for one reservation, not for many."))
    refused = 0
    stored = StoredReservations(session)
    lines = Lines(sys.stdin.fileno(), customer)
    for results in lines.reserve(session.airbook):
        for result in results:
            if isinstance(result.outcome, Receipt):
                stored.add(result.outcome.number)
        refused += print_results(session, results)
    session.warn_without_daemon()
    return REFUSED if refused else 0


def print_results(session: Session, results: Sequence[LineResult]) -> int:
    """Print the results of lines in their order; returns how many were refused."""
    refused = 0
    for number, order, outcome in results:
        if not isinstance(outcome, Receipt):
            refused += 1
            line = refused_line(number, outcome, session.label)
            print_refused_line(line, session.label, session.format)
        elif order is not None:
            response = acknowledged(session.airbook, order, outcome)
            if session.format == "table":
                session.printer.reservation(response)
            else:
                session.printer.lines([response])
    sys.stdout.flush()
    return refused
