"""Queries for selected events on PostgreSQL."""

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


def slice_of(first: int, length: str | int) -> str:
    """Write the expression for bytes of a stored event. first: the index of the first, from 0."""
    return f"substring(state FROM {first + 1} FOR {length})"


def literal(text: bytes) -> str:
    """Write the expression for some bytes."""
    return f"decode('{text.hex()}', 'hex')"


TO_DATA = f"position({literal(DATA)} IN substring(state FROM {AFTER_QUOTE + 1}))"
HAS_PLACES = (
    f"{slice_of(0, AT)} = {literal(BEGINNING)}"
    f" AND {slice_of(AFTER_AT, 1)} = {literal(QUOTE)} AND {TO_DATA} > 0"
)
FROM_DATA = f"substring(state FROM {AFTER_QUOTE + len(DATA)} + {TO_DATA})"
FROM_BY = f"substring(state FROM {AFTER_BY + 1})"
# 'escape' writes each byte that is no ASCII as an octal number, so that it never fails.
STORED_AT = (
    f"CASE WHEN {HAS_PLACES} THEN encode({slice_of(AT, AFTER_AT - AT)}, 'escape')"
    f" ELSE '{UNKNOWN_TIME}' END"
)
STORED_DATA = (
    f"CASE WHEN {HAS_PLACES}"
    f" THEN substring({FROM_DATA} FROM 1 FOR greatest(0, length({FROM_DATA}) - 1))"
    " ELSE ''::bytea END"
)
STORED_BY = (
    f"CASE WHEN {HAS_PLACES} AND {slice_of(AFTER_QUOTE, len(BY))} = {literal(BY)}"
    f" THEN encode(substring({FROM_BY} FROM 1 FOR position({literal(QUOTE)} IN {FROM_BY}) - 1),"
    " 'escape') ELSE '' END"
)
TYPE = "split_part(topic, '.', 1)"
C = ' COLLATE "C"'  # compares by code points, and knows no letters but those of ASCII
DATA_TEXT = f"lower(encode({STORED_DATA}, 'escape'){C})"
TEXTS = {
    "position": "CAST(notification_id AS text)",
    "stream": f"lower(originator_id{C})",
    "type": f"lower({TYPE}{C})",
}


def contains(column: str, part: str) -> Query:
    """Write the condition that the text of a column contains a part."""
    if column != "data":
        return f"strpos({TEXTS[column]}, %s) > 0", [part]
    conditions, forms = list[str](), list[object]()
    for form in json_parts(part):
        text = without_hidden(DATA_TEXT) if may_be_hidden(form) else DATA_TEXT
        conditions.append(f"strpos({text}, %s) > 0")
        forms.append("".join(map(escaped_byte, form.encode())))
    return f"({' OR '.join(conditions)})", forms


def escaped_byte(byte: int) -> str:
    """Write a byte as PostgreSQL's encoding 'escape' does."""
    if byte == ord("\\"):
        return "\\\\"
    return chr(byte) if chr(byte).isascii() and byte else f"\\{byte:03o}"


QUERIES = EventQueries(
    EventColumns(
        table="airbook.stored_events",
        fields="notification_id, originator_id, originator_version, topic, state",
        parameter="%s",
        position="notification_id",
        unindexed="notification_id",
        values={
            "position": "notification_id",
            "stream": f"originator_id{C}",
            "type": f"{TYPE}{C}",
            "at": f"({STORED_AT}){C}",
            "by": f"({STORED_BY}){C}",
            "data": STORED_DATA,
        },
        # reservation-2 comes before reservation-10.
        sorted_by={
            "stream": "(rtrim(originator_id, '0123456789')"
            f" || lpad(length(originator_id)::text, 4, '0') || originator_id){C}"
        },
        contains=contains,
    )
)
