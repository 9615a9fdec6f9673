"""Shell completion of airplane and reservation numbers, read from the store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from gettext import gettext
from typing import TYPE_CHECKING

from airbook.application.errors import SettingError
from airbook.application.text.terminal import visible
from airbook.cli.framework.options import scan
from airbook.cli.framework.session import Session
from airbook.eventlog.errors import StoreError

if TYPE_CHECKING:
    from airbook.application.queries import Queries

MAX_RESERVATIONS = 50
IGNORED_ERRORS = (StoreError, SettingError)  # a shell shows no errors while it completes
SHELL_SYNTAX = str.maketrans(dict.fromkeys("\\$`\"'()"))


def open_queries() -> Queries | None:
    """Open the queries of the store that the typed line names; None if there is no store yet."""
    words = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    airbook = Session(scan(words.split()), os.environ).airbook
    return airbook.queries if airbook.store.is_made() else None


def complete_airplanes(incomplete: str) -> Iterator[tuple[str, str]]:
    """List the airplanes whose number starts with `incomplete`, with their seats left."""
    with suppress(*IGNORED_ERRORS):
        queries = open_queries()
        for airplane in queries.airplanes() if queries else ():
            if str(airplane.id).startswith(incomplete):
                description = f"{airplane.name or ''} {airplane.left}/{airplane.seats}"
                yield str(airplane.id), without_shell_syntax(description)


def complete_reservations(incomplete: str) -> Iterator[tuple[str, str]]:
    """List the newest reservations whose number starts with `incomplete`, with their status."""
    with suppress(*IGNORED_ERRORS):
        queries = open_queries()
        for reservation in queries.reservations(limit=MAX_RESERVATIONS) if queries else ():
            if str(reservation.id).startswith(incomplete):
                description = f"{reservation.customer or ''} {gettext(reservation.status)}"
                yield str(reservation.id), without_shell_syntax(description)


def without_shell_syntax(text: str) -> str:
    """Return a description without the characters that zsh would evaluate."""
    return visible(text).translate(SHELL_SYNTAX).strip()
