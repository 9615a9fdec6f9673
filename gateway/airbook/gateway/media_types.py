"""The media type of an answer, as the Accept field of its request asks for it.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

from __future__ import annotations

import re

from litestar.exceptions import HTTPException

QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)


def preferred(accepted: str, *offered: str) -> str:
    """Return the media type that an Accept field prefers, of equal ones the first.

    Raises HTTPException (406).
    """
    if accepted in {"*/*", ""}:
        return offered[0]
    wishes = dict(map(wish_of, accepted.split(",")))
    qualities = [quality_of(one, wishes) for one in offered]
    if (best := max(qualities)) <= 0:
        raise HTTPException(status_code=406)
    return offered[qualities.index(best)]


def wish_of(entry: str) -> tuple[str, float]:
    """Parse one entry, such as text/*;q=0.5; what cannot be read has the quality 0."""
    name, *parameters = (part.strip() for part in entry.lower().split(";"))
    quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    return name, float(quality) if QUALITY.fullmatch(quality) else 0.0


def quality_of(media_type: str, wishes: dict[str, float]) -> float:
    """Return the quality of a media type: that of its most exact entry; 0 if it has none."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((wishes[one] for one in ranges if one in wishes), 0.0)
