"""Filters of events, parsed without the store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from airbook.application.as_of import Moment, parse_moment
from airbook.application.filtering import MOMENTS, Fields, Term, codes_named, parse_filter, period
from airbook.application.text import parsing
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import shown
from airbook.eventlog.codec import CODEC
from airbook.eventlog.selection import Among, Clause, Condition, Contains, Within

FIELDS = Fields(
    {
        "position": ("position", "id"),
        "stream": ("stream",),
        "type": ("type",),
        "by": ("by",),
        "airplane": ("plane", "airplane"),
        "reservation": ("reservation",),
        "after": ("after",),
        "before": ("before",),
    }
)
TYPES = tuple(one.name for one in CODEC.event_types)
STREAM = re.compile(r"[a-z]+-[0-9]+", re.ASCII)


class EventFilter(Struct, frozen=True):
    """Which events to list: those for which every clause holds, between moments.

    actors: parts of the names of actors, which are found in the store.
    """

    clauses: tuple[Clause, ...] = ()
    after: tuple[Moment, ...] = ()
    before: tuple[Moment, ...] = ()
    actors: tuple[str, ...] = ()


def of_stream(stream: str) -> EventFilter:
    """Return the filter of the events of one stream, by its name."""
    return EventFilter(((Among("stream", (stream,)),),))


def event_filter(typed: str, label: Labels) -> EventFilter:
    """Parse a filter. Raises Mistyped."""
    terms = parse_filter(typed, FIELDS, label)
    return EventFilter(
        tuple(clause_of(term, label) for term in terms if term.field not in {*MOMENTS, "by"}),
        tuple(parse_moment(term.text) for term in terms if term.field == "after"),
        tuple(parse_moment(term.text) for term in terms if term.field == "before"),
        tuple(term.text for term in terms if term.field == "by"),
    )


def clause_of(term: Term, label: Labels) -> Clause:
    """Return the clause of a term. Raises Mistyped."""
    match term:
        case Term("", word):
            return tuple(conditions(word))
        case Term("position", word):
            return (Among("position", (parsing.number(word),)),)
        case Term("airplane" | "reservation" as kind, word):
            return (Among("stream", (f"{kind}-{parsing.identity(word)}",)),)
        case Term("type", word):
            return (Among("type", codes_named(word, TYPES, label)),)
        case Term(_, word) if STREAM.fullmatch(word):
            return (Among("stream", (word,)),)
        case _:
            sentence = mark("{word} is not a stream like airplane-1 or reservation-1.")
            return parsing.refuse(sentence, word=shown(term.text))


def conditions(word: str) -> Iterator[Condition]:
    """Yield the conditions under which a plain word is in one of the columns."""
    if word.isascii() and word.isdecimal():
        yield Contains("position", word)
    if times := period(word):
        yield Within("at", *times)
    yield from (Contains(column, word) for column in ("stream", "type", "data"))
