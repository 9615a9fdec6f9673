"""Everything shown to a person, in English and Korean; English is the key to the other."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "airbook"
FOLDER = str(Path(__file__).parent / "locale")


class Labels:
    """The labels of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = gettext.translation(DOMAIN, FOLDER, [language], fallback=True)

    def __call__(self, english: str, values: Mapping[str, object] | None = None) -> str:
        """Translate a label and fill in its {placeholders}; untranslated, it stays English."""
        text = self._catalog.gettext(english) if english else ""
        return text.format(**values) if values else text


def speak(language: str) -> Labels:
    """Choose the language, for our labels and for those of the libraries that use gettext."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
    return Labels(language)


def mark(english: str) -> str:
    """Mark a label for the catalog where it is written but not yet shown."""
    return english
