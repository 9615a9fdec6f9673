"""Where the time and the data of an event lie in its stored JSON, for searches without decoding.

The codec writes {"at":"2026-11-22T09:00:00.000Z","data":{…}}, whose parts have fixed places. Other
JSON is searched as if it were empty: no database decodes what it cannot read.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import json

from airbook.eventlog.codec import UNKNOWN_TIME

BEGINNING, MIDDLE = b'{"at":"', b'","data":'
AT = len(BEGINNING)
AFTER_AT = AT + len(UNKNOWN_TIME)
DATA = AFTER_AT + len(MIDDLE)
# A field without a value is not shown. These are the fields of events that may have none.
NOT_SHOWN = (',"name":null', ',"seat":null')


def stored_at(state: bytes) -> str:
    """Return the time of a stored event."""
    return state[AT:AFTER_AT].decode(errors="replace") if has_places(state) else UNKNOWN_TIME


def stored_data(state: bytes) -> bytes:
    """Return the JSON of the data of a stored event; empty if it has another form."""
    return state[DATA:-1] if has_places(state) else b""


def has_places(state: bytes) -> bool:
    """Return whether the time and the data of a stored event are at their places."""
    return state.startswith(BEGINNING) and state[AFTER_AT:DATA] == MIDDLE


def json_parts(part: str) -> Sequence[str]:
    """Return the forms that a part of the shown contents (seat=3) may have in JSON ("seat":3)."""
    text = escaped(part)
    key, equals, value = text.partition("=")
    return (text, f'{key}":{value}', f'{key}":"{value}') if equals else (text,)


def may_be_hidden(form: str) -> bool:
    """Return whether a form may stand in a field that is not shown."""
    return any(form in field for field in NOT_SHOWN)


def escaped(text: str) -> str:
    """Write a text as it stands in JSON, without quotation marks."""
    return json.encode(text).decode()[1:-1]
