"""Strict parsing of the numbers, names and durations that people type."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import NoReturn

from airbook.application.text.labels import mark
from airbook.application.text.terminal import is_blank, is_plain, shown
from airbook.domain.airplane import MAX_SEATS
from airbook.eventlog.records import DAEMON

NAME_LENGTH = 80
MAX_PARTITIONS = 64
MAX_LIFETIME = timedelta(days=3_650)
MAX_PORT = 65_535
MAX_WORKERS = 64
ROLE_LENGTH = 63  # https://www.postgresql.org/docs/current/limits.html
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
AMOUNT = r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds", "ms": "milliseconds"}
DURATION = re.compile("".join(f"(?:({AMOUNT}){unit})?" for unit in UNITS), re.ASCII)


class Mistyped(Exception):
    """A typed word is not valid where it was typed.

    sentence: English, with {placeholders}. values: the values for the placeholders.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


def refuse(sentence: str, **values: object) -> NoReturn:
    """Raise Mistyped with a sentence and its values."""
    raise Mistyped(sentence, **values)


def number(word: str) -> int:
    """Parse a count or an id: 1 to 9 ASCII decimal digits. Raises Mistyped."""
    if not NUMBER.fullmatch(word):
        refuse(mark("{word} is not a number of 1 to 9 digits."), word=shown(word))
    return int(word)


def identity(word: str) -> int:
    """Parse the number of an airplane or a reservation, from 1. Raises Mistyped."""
    if number(word) == 0:
        refuse(mark("Numbers begin at 1."))
    return number(word)


def seats(word: str) -> int:
    """Parse a number of seats, 1 to MAX_SEATS. Raises Mistyped."""
    if not 1 <= number(word) <= MAX_SEATS:
        refuse(mark("An airplane has 1 to {most} seats."), most=MAX_SEATS)
    return number(word)


def partitions(word: str) -> int:
    """Parse how many daemons share the airplanes, 1 to MAX_PARTITIONS. Raises Mistyped."""
    if not 1 <= number(word) <= MAX_PARTITIONS:
        refuse(mark("Airplanes are shared among 1 to {most} daemons."), most=MAX_PARTITIONS)
    return number(word)


def workers(word: str) -> int:
    """Parse how many processes serve, 1 to MAX_WORKERS. Raises Mistyped."""
    if not 1 <= number(word) <= MAX_WORKERS:
        refuse(mark("There are 1 to {most} serving processes."), most=MAX_WORKERS)
    return number(word)


def port(word: str) -> int:
    """Parse a port number, 1 to MAX_PORT. Raises Mistyped."""
    if not 1 <= number(word) <= MAX_PORT:
        refuse(mark("Ports go from 1 to {most}."), most=MAX_PORT)
    return number(word)


def role(word: str) -> str:
    """Parse the name of a PostgreSQL role: plain text of 1 to 63 bytes. Raises Mistyped."""
    if not word or len(word.encode(errors="replace")) > ROLE_LENGTH or not is_plain(word):
        refuse(mark("{word} cannot be the name of a role."), word=shown(word))
    return word


def name(word: str) -> str:
    """Parse a name: plain text of 1 to 80 characters, of which at least one can be seen.

    Returns the name in the normal form NFC. Raises Mistyped.
    """
    normal = unicodedata.normalize("NFC", word)
    if not is_plain(normal):
        refuse(mark("{word} has characters that cannot be shown."), word=shown(word))
    if not 1 <= len(normal) <= NAME_LENGTH:
        refuse(mark("A name has 1 to {most} characters."), most=NAME_LENGTH)
    if is_blank(normal):
        refuse(mark("A name needs a character that can be seen."))
    return normal


def actor(word: str) -> str:
    """Parse the name of an actor: as that of a customer, but not the one of the daemon.

    Raises Mistyped.
    """
    if name(word).casefold() == DAEMON.id:
        sentence = mark("The name {word} is that of the daemon: say another one with --actor.")
        refuse(sentence, word=shown(word))
    return name(word)


def duration(word: str) -> timedelta:
    """Parse a duration, such as 90s, 500ms, 1h30m or 2d: each unit once, the longest first.

    A number without a unit counts seconds. Raises Mistyped.
    """
    found = DURATION.fullmatch(f"{word}s" if re.fullmatch(AMOUNT, word, re.ASCII) else word)
    if not word or not found:
        refuse(mark("{word} is not a duration like 5s, 500ms or 1h30m."), word=shown(word))
    amounts = zip(UNITS.values(), found.groups(), strict=True)
    return timedelta(**{unit: float(amount) for unit, amount in amounts if amount})


def seconds(word: str) -> float:
    """Parse a duration; returns it in seconds. Raises Mistyped."""
    return duration(word).total_seconds()


def lifetime(word: str) -> timedelta | None:
    """Parse how long a token can be used: a duration up to MAX_LIFETIME, or never.

    Returns None for never. Raises Mistyped.
    """
    if word == "never":
        return None
    if not timedelta() < (found := duration(word)) <= MAX_LIFETIME:
        refuse(mark("A token can be used for up to {most} days, or never expires."), most=3_650)
    return found
