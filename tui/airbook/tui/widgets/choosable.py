"""The description of one of several choices."""

from __future__ import annotations

from typing import NamedTuple


class Choosable(NamedTuple):
    """One of several choices, in the language of the screen.

    line: its line of the list. searched: the text that typed words are looked for in. deed: what
    choosing it will do.
    """

    line: str
    searched: str
    deed: str
