"""Typed filters: plain words, and terms of fields such as plane:9; without any I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from airbook.application.text.formatting import CODES, HEADINGS
from airbook.application.text.labels import LANGUAGES, Labels, mark
from airbook.application.text.parsing import refuse
from airbook.application.text.terminal import is_plain, shown
from airbook.eventlog.codec import stamp
from airbook.eventlog.selection import fold

# A term: the name of a field and a colon, or nothing; then a text in quotation marks, or a word.
TERM = re.compile(r'(?:([^\W\d]\w*):)?(?:"([^"]*)(?:"|$)|(\S*))')
TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2}))?)?)?)?",
    re.ASCII,
)
MOST_CHARACTERS = 500  # databases limit the length of a pattern
PERIODS = (
    *(timedelta(days=31), timedelta(days=1)),
    *(timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)),
)
# The words for fields that are no headings, or that have a shorter name than their heading.
FIELD_WORDS = {
    "id": mark("No."),
    "plane": mark("Airplane"),
    "after": mark("after"),
    "before": mark("before"),
}
MOMENTS = {"after", "before"}  # fields whose values are moments, not parts of texts
NO_AIRPLANE = mark("No airplane is named {word}.")


class Term(NamedTuple):
    """One term of a filter. field: the name of a field; empty for a plain word."""

    field: str
    text: str


class Fields(NamedTuple):
    """The fields of a list by name, each with its words in English; the first one is shown."""

    words: Mapping[str, Sequence[str]]

    def find(self, word: str) -> str | None:
        """Return the name of the field that a typed word of any language stands for, or None."""
        for name, words in self.words.items():
            if fold(word) in {form for one in words for form in forms(one)}:
                return name
        return None

    def shown(self, label: Labels) -> str:
        """List the words for the fields in one language."""
        return ", ".join(translated(words[0], label) for words in self.words.values())


def parse_filter(typed: str, fields: Fields, label: Labels) -> tuple[Term, ...]:
    """Parse a filter: its terms, which must all match. A field without a value is left out.

    Raises Mistyped for an unknown field, for characters that cannot be shown, and for a text that
    is too long.
    """
    text = unicodedata.normalize("NFC", typed)
    if not is_plain(text):
        refuse(mark("{word} has characters that cannot be shown."), word=shown(text))
    if len(text) > MOST_CHARACTERS:
        refuse(mark("A filter has at most {most} characters."), most=MOST_CHARACTERS)
    terms = list[Term]()
    for word, quoted, plain in TERM.findall(text):
        name = fields.find(word) if word else ""
        if name is None:
            sentence = mark("{word} is not a field of this list; its fields: {names}.")
            refuse(sentence, word=shown(word), names=fields.shown(label))
        if quoted or plain:
            value = quoted or plain
            terms.append(Term(name, value if name in MOMENTS else fold(value)))
    return tuple(terms)


def translated(word: str, label: Labels) -> str:
    """Return the word for a field in one language."""
    heading = FIELD_WORDS.get(word) or HEADINGS.get(word)
    if heading is None or label.language == "en":
        return word
    return fold(label(heading)).replace(" ", "")


@cache
def forms(word: str) -> frozenset[str]:
    """Return the word for a field in every language."""
    return frozenset(translated(word, Labels(language)) for language in LANGUAGES)


@cache
def texts_of(code: str) -> frozenset[str]:
    """Return a code and its labels in every language, in lower case."""
    labels = (Labels(language)(CODES[code]) for language in LANGUAGES if code in CODES)
    return frozenset(map(fold, (code, *labels)))


def codes_with(part: str, codes: Iterable[str]) -> tuple[str, ...]:
    """List the codes that contain a part, or whose labels in any language do."""
    return tuple(code for code in codes if any(part in text for text in texts_of(code)))


def codes_named(part: str, codes: Sequence[str], label: Labels) -> tuple[str, ...]:
    """List the codes as `codes_with` does. Raises Mistyped for none."""
    found = codes_with(part, codes)
    if not found:
        names = ", ".join(label(CODES[code]) if code in CODES else code for code in codes)
        sentence = mark("{word} is none of these: {names}.")
        refuse(sentence, word=shown(part), names=names)
    return found


def period(word: str) -> tuple[str, str] | None:
    """Return the times that begin with a date, or with a date and a time, in the local time zone.

    word: from the year and the month (2026-11) to the second. Returns the first time, and the first
    one after them, in UTC as `stamp` writes them; None for any other word.
    """
    if not (found := TIME.fullmatch(word.upper())):
        return None
    numbers = [int(one) for one in found.groups() if one]
    try:
        first = datetime(*numbers, *[1] * (3 - len(numbers)))  # type: ignore[arg-type]  # noqa: DTZ001 -- local
        end = first + PERIODS[len(numbers) - 2]
        if len(numbers) == 2:  # noqa: PLR2004 -- a year and a month
            end = end.replace(day=1)
        return stamp(first.astimezone(UTC)), stamp(end.astimezone(UTC))
    except (ValueError, OverflowError, OSError):
        return None
