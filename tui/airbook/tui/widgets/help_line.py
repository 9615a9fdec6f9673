"""A line of the help."""

from __future__ import annotations

from typing import NamedTuple


class HelpLine(NamedTuple):
    """The keys of an action, or what can be typed, and its description."""

    keys: str
    description: str
