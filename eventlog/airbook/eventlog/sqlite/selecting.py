"""Queries for selected events in SQLite."""

from __future__ import annotations

from airbook.eventlog.codec import UNKNOWN_TIME
from airbook.eventlog.selection_sql import EventColumns, EventQueries, Query, without_hidden
from airbook.eventlog.stored_text import (
    AFTER_AT,
    AFTER_BY,
    AFTER_QUOTE,
    AT,
    BEGINNING,
    BY,
    DATA,
    QUOTE,
    json_parts,
    may_be_hidden,
)

TO_DATA = f"instr(substr(state, {AFTER_QUOTE + 1}), x'{DATA.hex()}')"
HAS_PLACES = (
    f"substr(state, 1, {AT}) = x'{BEGINNING.hex()}'"
    f" AND substr(state, {AFTER_AT + 1}, 1) = x'{QUOTE.hex()}' AND {TO_DATA} > 0"
)
FROM_DATA = f"substr(state, {AFTER_QUOTE + len(DATA)} + {TO_DATA})"
DATA_BYTES = f"substr({FROM_DATA}, 1, max(0, length({FROM_DATA}) - 1))"
STORED_AT = (
    f"CASE WHEN {HAS_PLACES} THEN CAST(substr(state, {AT + 1}, {AFTER_AT - AT}) AS TEXT)"
    f" ELSE '{UNKNOWN_TIME}' END"
)
STORED_DATA = f"CASE WHEN {HAS_PLACES} THEN {DATA_BYTES} ELSE x'' END"
FROM_BY = f"substr(state, {AFTER_BY + 1})"
STORED_BY = (
    f"CASE WHEN {HAS_PLACES} AND substr(state, {AFTER_QUOTE + 1}, {len(BY)}) = x'{BY.hex()}'"
    f" THEN CAST(substr({FROM_BY}, 1, instr({FROM_BY}, x'{QUOTE.hex()}') - 1) AS TEXT)"
    " ELSE '' END"
)
DATA_TEXT = f"lower(CAST({DATA_BYTES} AS TEXT))"
WILDCARDS = str.maketrans({one: f"\\{one}" for one in "%_\\"})
TYPE = "substr(topic, 1, instr(topic || '.', '.') - 1)"


def contains(column: str, part: str) -> Query:
    """Write the condition that the text of a column contains a part.

    LIKE ignores the case of ASCII letters without a copy of the text in lower case.
    """
    match column:
        case "data":
            return data_contains(part)
        case "type":
            condition = f"(topic LIKE ? ESCAPE '\\' AND instr(lower({TYPE}), ?) > 0)"
            return condition, [pattern(part), part]
        case "position":
            return "CAST(rowid AS TEXT) LIKE ? ESCAPE '\\'", [pattern(part)]
        case _:
            return "originator_id LIKE ? ESCAPE '\\'", [pattern(part)]


def data_contains(part: str) -> Query:
    """Write the condition that the contents of an event contain a part.

    Few events pass the first condition, so that the others need not be quick.
    """
    forms = json_parts(part)
    shown = [
        f"instr({without_hidden(DATA_TEXT) if may_be_hidden(form) else DATA_TEXT}, ?) > 0"
        for form in forms
    ]
    condition = (
        f"(CAST(state AS TEXT) LIKE ? ESCAPE '\\' AND {HAS_PLACES} AND ({' OR '.join(shown)}))"
    )
    return condition, [pattern(*forms[0].split("=", 1)), *forms]


def pattern(*parts: str) -> str:
    """Return the pattern of LIKE for a text that contains parts in their order."""
    plain = (part.translate(WILDCARDS) for part in parts)
    return f"%{'%'.join(plain)}%"


QUERIES = EventQueries(
    EventColumns(
        table="stored_events",
        fields="rowid, originator_id, originator_version, topic, state",
        parameter="?",
        position="rowid",
        unindexed="+rowid",  # + forces the stream's index
        values={
            "position": "rowid",
            "stream": "originator_id",
            "type": TYPE,
            "at": STORED_AT,
            "by": STORED_BY,
            "data": STORED_DATA,
        },
        # reservation-2 comes before reservation-10.
        sorted_by={
            "stream": "rtrim(originator_id, '0123456789')"
            " || printf('%04d', length(originator_id)) || originator_id"
        },
        contains=contains,
    )
)
