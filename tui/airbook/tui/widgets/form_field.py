"""The description of a field of a form, and of what the form does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class FormField(NamedTuple):
    """A field of a form.

    title: in English. read: converts the typed text to a value, or raises Mistyped. value: the text
    that the field begins with. optional: whether the field may be empty; its value is then None.
    """

    name: str
    title: str
    read: Callable[[str], Any]
    value: str = ""
    optional: bool = False


class Preview(NamedTuple):
    """What a form will do, and a hint about its values, in the language of the screen."""

    deed: str
    hint: str = ""
