"""The error of a setting that has an unusable value."""

from __future__ import annotations


class SettingError(Exception):
    """A setting has a value that cannot be used.

    sentence: English, with {placeholders}. values: the texts for the placeholders.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self.values = values
