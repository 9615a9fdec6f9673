"""What a person types: numbers, names, keys and durations, read strictly, else Mistyped."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from airbook.application.text.labels import mark
from airbook.domain.airplane import MAX_SEATS

if TYPE_CHECKING:
    from airbook.application.as_of import Moment

NAME_LENGTH = 80
MAX_PARTITIONS = 64
MAX_PORT = 65_535
ROLE_LENGTH = 63  # https://www.postgresql.org/docs/current/limits.html
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m|)", re.ASCII)
AGO = re.compile(r"-([0-9]{1,6})(s|m|h|d)", re.ASCII)
LONG = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0}
# Unicode's Bidi_Control property (https://www.unicode.org/reports/tr9/): text that hides text.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, surrogates, line and paragraph ends


class Mistyped(Exception):
    """A word that cannot be what it stands for. The sentence is English, with {placeholders}."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


def refuse(sentence: str, **values: object) -> NoReturn:
    """Say what is wrong with a word. Raises Mistyped."""
    raise Mistyped(sentence, **values)


def number(word: str) -> int:
    """Read a count or an id: ASCII decimal digits, 1 to 9 of them."""
    if not NUMBER.fullmatch(word):
        refuse(mark("{word} is not a number of 1 to 9 digits."), word=shown(word))
    return int(word)


def identity(word: str) -> int:
    """Read the number of an airplane or a reservation, from 1."""
    if number(word) == 0:
        refuse(mark("Numbers begin at 1."))
    return number(word)


def seats(word: str) -> int:
    """Read a number of seats, 1 to MAX_SEATS."""
    if not 1 <= number(word) <= MAX_SEATS:
        refuse(mark("An airplane has 1 to {most} seats."), most=MAX_SEATS)
    return number(word)


def partitions(word: str) -> int:
    """Read among how many daemons airplanes are shared, 1 to MAX_PARTITIONS."""
    if not 1 <= number(word) <= MAX_PARTITIONS:
        refuse(mark("Airplanes are shared among 1 to {most} daemons."), most=MAX_PARTITIONS)
    return number(word)


def port(word: str) -> int:
    """Read the number of a port, 1 to MAX_PORT."""
    if not 1 <= number(word) <= MAX_PORT:
        refuse(mark("Ports go from 1 to {most}."), most=MAX_PORT)
    return number(word)


def role(word: str) -> str:
    """Read the name of a role: at most 63 bytes, as PostgreSQL has it."""
    if not word or len(word.encode(errors="replace")) > ROLE_LENGTH or not is_plain(word):
        refuse(mark("{word} cannot be the name of a role."), word=shown(word))
    return word


def name(word: str) -> str:
    """Read a name: 1 to 80 characters after NFC, none of them a control or bidi character."""
    normal = unicodedata.normalize("NFC", word)
    if not is_plain(normal):
        refuse(mark("{word} has characters that cannot be shown."), word=shown(word))
    if not 1 <= len(normal) <= NAME_LENGTH or not normal.strip():
        refuse(mark("A name has 1 to {most} characters."), most=NAME_LENGTH)
    return normal


def duration(word: str) -> float:
    """Read a duration in seconds: 5s, 500ms, 1m, or plain seconds."""
    if not (found := DURATION.fullmatch(word)):
        refuse(mark("{word} is not a duration like 5s, 500ms or 1m."), word=shown(word))
    return float(found[1]) * SECONDS[found[2]]


def moment(word: str) -> Moment:
    """Read a moment of the past: a position, a time (local unless it says), or how long ago."""
    from airbook.application.as_of import Moment

    if NUMBER.fullmatch(word):
        return Moment(position=int(word))
    if found := AGO.fullmatch(word):
        return Moment(ago=timedelta(seconds=int(found[1]) * LONG[found[2]]))
    try:
        return Moment(at=datetime.fromisoformat(word).astimezone(UTC))
    except (ValueError, OverflowError, OSError):
        sentence = mark("{word} is neither a position nor a time like 2026-11-22T09:00 or -5m.")
        refuse(sentence, word=shown(word))


def written(moment: Moment) -> str:
    """Write a moment so that `moment` reads the same again."""
    if moment.position is not None:
        return str(moment.position)
    if moment.at is not None:
        return moment.at.isoformat()
    seconds = int((moment.ago or timedelta()).total_seconds())
    unit = max((unit for unit in LONG if seconds % LONG[unit] == 0), key=LONG.__getitem__)
    return f"-{seconds // LONG[unit]}{unit}"


def shown(word: str, most: int = 40) -> str:
    """Quote what was typed so that it can be shown: escaped, and cut when it is long."""
    return f"'{visible(word if len(word) <= most else word[:most] + '…')}'"


def visible(text: str) -> str:
    """Escape what a terminal would obey instead of show."""
    return (
        text if is_plain(text) else "".join(c if is_plain(c) else f"\\u{ord(c):04x}" for c in text)
    )


def is_plain(text: str) -> bool:
    """Tell whether nothing in a text is a control, bidi or surrogate character."""
    return text.isprintable() or not any(
        c in BIDI or unicodedata.category(c) in UNSHOWN for c in text
    )


def wrapped(text: str, width: int) -> list[str]:
    """Break a text between words into lines of at most so many cells."""
    from rich.cells import cell_len

    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}"
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer.lstrip()
    return [line.rstrip() for line in lines]
