"""Reasons: why the action of a key is impossible at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from airbook.application.text.labels import mark

NO_ROW = mark("There is no row here.")
NO_VALUES: Mapping[str, object] = {}


class Reason(NamedTuple):
    """Why an action is impossible. sentence: English, with {placeholders} for values."""

    sentence: str
    values: Mapping[str, object] = NO_VALUES


@runtime_checkable
class Explains(Protocol):
    """A screen or a widget that knows why some of its actions are impossible."""

    def reason_against(self, action: str, parameters: tuple[object, ...]) -> Reason | None:
        """Return why an action is impossible now; None if it is possible."""
        ...
