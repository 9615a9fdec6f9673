"""Entity tags and the conditions on them (RFC 9110, section 13): If-None-Match and If-Match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from litestar.datastructures import Headers
from msgspec import json

from airbook.application.responses import Airplane, Reservation

TAG = re.compile(r'(?:W/)?"[^"]*"')
VERSION = re.compile(r'"([0-9]{1,9})(?:[.-][0-9]*)?"', re.ASCII)


def airplane_tag(airplane: Airplane, version: int) -> str:
    """Return the tag of an airplane: the version of its stream, and the pending requests.

    The pending requests are shown with the airplane, but no event of its own stream changes them.
    """
    return f'"{version}.{airplane.pending}"'


def reservation_tag(reservation: Reservation, version: int) -> str:
    """Return the tag of a reservation: the version of its stream.

    The name of a customer can be deleted without any event, so the tag says whether it is there.
    """
    return f'"{version}"' if reservation.customer is not None else f'"{version}-"'


def list_tag(position: int, rows: Sequence[object], customer: str | None) -> str:
    """Return the tag of a list: the position up to which it holds every event.

    customer: the only one whose rows the sender may see; another customer gets another tag, and so
    does a list from which a name was deleted, which needs no event.
    """
    nameless = sum(getattr(row, field, "") is None for row in rows for field in ("customer", "by"))
    if customer is None and not nameless:
        return f'W/"{position}"'
    return f'W/"{position}.{crc32(json.encode((customer, nameless))):x}"'


def is_known(headers: Headers, tag: str) -> bool:
    """Return whether the sender has the answer with a tag already: If-None-Match names it."""
    listed = headers.get("if-none-match")
    if listed is None:
        return False
    known = {one.removeprefix("W/") for one in TAG.findall(listed)}
    return listed.strip() == "*" or tag.removeprefix("W/") in known


def expected_versions(headers: Headers) -> Sequence[int] | None:
    """Return the versions of a stream that If-Match names; None if the request does not care.

    A tag of another form names no version, so that it never matches.
    """
    listed = headers.get("if-match")
    if listed is None or listed.strip() == "*":
        return None
    versions = (VERSION.fullmatch(one) for one in TAG.findall(listed))
    return tuple(int(one[1]) for one in versions if one)
