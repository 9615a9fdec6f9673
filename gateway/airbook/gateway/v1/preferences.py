"""The Prefer header (RFC 7240): how long a request wants to wait for a decision."""

from __future__ import annotations

import re

from litestar.datastructures import Headers

MOST_SECONDS = 30
WAIT = re.compile(r'wait\s*=\s*"?([0-9]{1,9})"?\s*(?:;.*)?', re.ASCII | re.IGNORECASE)


def wait_seconds(headers: Headers) -> int:
    """Return how many seconds a request wants to wait, at most MOST_SECONDS; 0 for none.

    Other preferences, and what cannot be read, are ignored, as RFC 7240 asks for.
    """
    preferences = (one.strip() for line in headers.getall("prefer", []) for one in line.split(","))
    found = next(filter(None, map(WAIT.fullmatch, preferences)), None)
    return min(int(found[1]), MOST_SECONDS) if found else 0


def applied(seconds: int) -> dict[str, str]:
    """Return the header that says which preference was applied; none if there was none."""
    return {"Preference-Applied": f"wait={seconds}"} if seconds else {}
