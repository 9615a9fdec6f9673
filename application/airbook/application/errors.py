"""Errors of the settings."""

from __future__ import annotations


class SettingError(Exception):
    """A setting has a value that it cannot have.

    sentence: English, with {placeholders} for values.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self.values = values
