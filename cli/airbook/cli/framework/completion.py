"""Completion with what is in the store: numbers that exist, and what they stand for."""

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

MOST = 50
TROUBLE = (StoreError, SettingError)  # whoever presses Tab is not asking what is wrong
OBEYED = str.maketrans(dict.fromkeys("\\$`\"'()"))


def open_queries() -> Queries | None:
    """Open the views of the line that is being completed; None where there is no store yet."""
    words = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    airbook = Session(scan(words.split()), os.environ).airbook
    return airbook.queries if airbook.store.is_made() else None


def airplanes(incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the airplanes that can be booked, with the seats left."""
    with suppress(*TROUBLE):
        pages = open_queries()
        for plane in pages.airplanes() if pages else ():
            if str(plane.id).startswith(incomplete):
                yield str(plane.id), harmless(f"{plane.name or ''} {plane.left}/{plane.seats}")


def reservations(incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the newest reservations, with their customer and status."""
    with suppress(*TROUBLE):
        pages = open_queries()
        for one in pages.reservations(limit=MOST) if pages else ():
            if str(one.id).startswith(incomplete):
                yield str(one.id), harmless(f"{one.customer or ''} {gettext(one.status)}")


def harmless(text: str) -> str:
    """Leave out what a shell would obey: zsh evaluates what is offered to it."""
    return visible(text).translate(OBEYED).strip()
