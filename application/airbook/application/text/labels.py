"""Labels in English and Korean; the English text is the key of the translation."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "airbook"
LANGUAGES = ("en", "ko")
FOLDER = str(Path(__file__).parent / "locale")


class Labels:
    """The labels of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = gettext.translation(DOMAIN, FOLDER, [language], fallback=True)

    def __call__(self, english: str, values: Mapping[str, object] | None = None) -> str:
        """Translate a label, or keep its English if there is no translation.

        values: fill in the {placeholders}; None leaves them as they are.
        """
        text = self._catalog.gettext(english) if english else ""
        return text.format(**values) if values else text


def set_language(language: str) -> Labels:
    """Set the language, for libraries that use gettext too; returns the labels in it."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
    return Labels(language)


def mark(english: str) -> str:
    """Mark a text as a label that the catalog translates; returns the text unchanged."""
    return english
