"""What a form asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Field(NamedTuple):
    """What is asked for.

    title: in English. read: turns what is typed into a value, or raises Mistyped. value: what
    stands there to begin with. optional: it may be left empty, and is None then.
    """

    name: str
    title: str
    read: Callable[[str], Any]
    value: str = ""
    optional: bool = False
