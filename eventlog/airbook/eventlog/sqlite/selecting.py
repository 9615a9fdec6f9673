"""Queries for selected events in SQLite."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.eventlog.codec import UNKNOWN_TIME
from airbook.eventlog.selection_sql import EventColumns, EventQueries
from airbook.eventlog.stored_text import (
    AFTER_AT,
    AT,
    BEGINNING,
    DATA,
    MIDDLE,
    NOT_SHOWN,
    json_parts,
)

HAS_PLACES = (
    f"substr(state, 1, {AT}) = x'{BEGINNING.hex()}'"
    f" AND substr(state, {AFTER_AT + 1}, {len(MIDDLE)}) = x'{MIDDLE.hex()}'"
)
STORED_AT = (
    f"CASE WHEN {HAS_PLACES} THEN CAST(substr(state, {AT + 1}, {AFTER_AT - AT}) AS TEXT)"
    f" ELSE '{UNKNOWN_TIME}' END"
)
STORED_DATA = (
    f"CASE WHEN {HAS_PLACES} THEN substr(state, {DATA + 1}, max(0, length(state) - {DATA + 1}))"
    " ELSE x'' END"
)
TYPE = "substr(topic, 1, instr(topic || '.', '.') - 1)"


def without_not_shown(text: str) -> str:
    """Write the expression that removes the fields that are not shown from a text."""
    for field in NOT_SHOWN:
        text = f"replace({text}, '{field}', '')"
    return text


def parts(column: str, part: str) -> Sequence[str]:
    """Return the forms of a part in the text of a column."""
    return json_parts(part) if column == "data" else (part,)


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
            "data": STORED_DATA,
        },
        # reservation-2 comes before reservation-10.
        sorted_by={
            "stream": "rtrim(originator_id, '0123456789')"
            " || printf('%04d', length(originator_id)) || originator_id"
        },
        texts={
            "position": "CAST(rowid AS TEXT)",
            "stream": "lower(originator_id)",
            "type": f"lower({TYPE})",
            "data": without_not_shown(f"lower(CAST({STORED_DATA} AS TEXT))"),
        },
        find="instr",
        parts=parts,
    )
)
