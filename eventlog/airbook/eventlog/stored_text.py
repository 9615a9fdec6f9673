"""Where the time and the data of an event lie in its stored JSON, for searches without decoding.

The codec writes {"at":"2026-11-22T09:00:00.000Z","by":"…","cause":7,"data":{…}}, in this order: the
time has a fixed place, and the data begins after the first text ,"data": behind the time, because
by and cause may be missing. Other JSON is searched as if it were empty: no database decodes what it
cannot read.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import json

from airbook.eventlog.codec import UNKNOWN_TIME

BEGINNING, QUOTE, BY, DATA = b'{"at":"', b'"', b',"by":"', b',"data":'
AT = len(BEGINNING)
AFTER_AT = AT + len(UNKNOWN_TIME)
AFTER_QUOTE = AFTER_AT + len(QUOTE)
AFTER_BY = AFTER_QUOTE + len(BY)
# A field without a value is not shown. These are the fields of events that may have none.
NOT_SHOWN = (',"name":null', ',"seat":null')


def stored_at(state: bytes) -> str:
    """Return the time of a stored event."""
    return state[AT:AFTER_AT].decode(errors="replace") if has_places(state) else UNKNOWN_TIME


def stored_data(state: bytes) -> bytes:
    """Return the JSON of the data of a stored event; empty if it has another form."""
    return state[state.index(DATA, AFTER_QUOTE) + len(DATA) : -1] if has_places(state) else b""


def stored_by(state: bytes) -> str:
    """Return the id of the actor of a stored event; empty if it has none.

    Ids need no backslash in JSON, so that the next quotation mark ends an id.
    """
    if not has_places(state) or state[AFTER_QUOTE:AFTER_BY] != BY:
        return ""
    return state[AFTER_BY : state.index(QUOTE, AFTER_BY)].decode(errors="replace")


def has_places(state: bytes) -> bool:
    """Return whether the time and the data of a stored event are at their places."""
    return (
        state.startswith(BEGINNING)
        and state[AFTER_AT:AFTER_QUOTE] == QUOTE
        and DATA in state[AFTER_QUOTE:]
    )


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
