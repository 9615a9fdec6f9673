"""Queries for selected events on PostgreSQL."""

from __future__ import annotations

from airbook.eventlog.codec import UNKNOWN_TIME
from airbook.eventlog.selection_sql import EventColumns, EventQueries, Query, without_hidden
from airbook.eventlog.stored_text import (
    AFTER_AT,
    AT,
    BEGINNING,
    DATA,
    MIDDLE,
    json_parts,
    may_be_hidden,
)


def slice_of(first: int, length: str | int) -> str:
    """Write the expression for bytes of a stored event. first: the index of the first, from 0."""
    return f"substring(state FROM {first + 1} FOR {length})"


HAS_PLACES = (
    f"{slice_of(0, AT)} = decode('{BEGINNING.hex()}', 'hex')"
    f" AND {slice_of(AFTER_AT, len(MIDDLE))} = decode('{MIDDLE.hex()}', 'hex')"
)
# 'escape' writes each byte that is no ASCII as an octal number, so that it never fails.
STORED_AT = (
    f"CASE WHEN {HAS_PLACES} THEN encode({slice_of(AT, AFTER_AT - AT)}, 'escape')"
    f" ELSE '{UNKNOWN_TIME}' END"
)
STORED_DATA = (
    f"CASE WHEN {HAS_PLACES} THEN {slice_of(DATA, f'greatest(0, length(state) - {DATA + 1})')}"
    " ELSE ''::bytea END"
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
