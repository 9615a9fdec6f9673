"""Reserving what standard input asks for, a line each, as the lines come."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from airbook.cli import words
from airbook.cli.errors import REFUSED
from airbook.cli.importing import refused_line, tell_refused
from airbook.cli.lines import Answer, Lines
from airbook.cli.reserve import SENTENCES
from airbook.cli.session import Session
from airbook.domain.change import Receipt
from airbook.runtime import outcome
from airbook.runtime.book import Request
from airbook.runtime.labels import mark
from airbook.runtime.shapes import Reservation


def reserve_many(session: Session, customer: str | None, *, alone: bool) -> int:
    """Answer each line; returns the exit code.

    customer: who reserves where a line does not say. alone: no option was said that is for one.
    """
    if not alone:
        words.refuse(mark("--key and --wait are for one reservation, not for many."))
    refused = 0
    lines = Lines(sys.stdin.fileno(), customer or words.name(session.settings.customer))
    for answers in lines.reserve(session.book):
        refused += print_all(session, answers)
    session.warn_without_daemon()
    return REFUSED if refused else 0


def print_all(session: Session, answers: Sequence[Answer]) -> int:
    """Print what became of lines, in their order; returns how many were refused."""
    refused = 0
    times = times_of(session, answers)
    for number, request, found in answers:
        if not isinstance(found, Receipt):
            refused += 1
            tell_refused(session, refused_line(session, number, found))
        elif request is not None:
            shape = reservation(session, request, found, times)
            if session.format == "table":
                session.printer.one(shape, SENTENCES[shape.status])
            else:
                session.printer.lines([shape])
    sys.stdout.flush()
    return refused


def times_of(session: Session, answers: Sequence[Answer]) -> Mapping[int, str]:
    """Read when lines were received, by the position of the fact: what is printed is stored."""
    receipts = [one.outcome for one in answers if isinstance(one.outcome, Receipt)]
    positions = [receipt.position for receipt in receipts if not receipt.repeated]
    if not positions:
        return {}
    first = min(positions)
    events = session.book.log.after(first - 1, max(positions) - first + 1)
    return {event.position: event.at for event in events}


def reservation(
    session: Session, request: Request, found: Receipt, times: Mapping[int, str]
) -> Reservation:
    """Show what was acknowledged; one that was accepted before, as it is now."""
    if found.repeated:
        return outcome.reservation(session.book, found.number)
    at = times[found.position]
    return Reservation(found.number, request.airplane, request.customer, "received", received_at=at)
