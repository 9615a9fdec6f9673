"""Texts in CSV that a spreadsheet would run as formulas, with a quote that makes them texts."""

from __future__ import annotations

import re

# A formula begins with one of these, https://owasp.org/www-community/attacks/CSV_Injection, or with
# the wide form of =, +, - or @, since a spreadsheet may take both forms for the same.
# A text that has quotes before such a character gets one more, so that reading removes just one.
FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
QUOTE = "'"


def quote_formula(text: str) -> str:
    """Put a quote before a text that a spreadsheet would run; return any other text as it is."""
    return QUOTE + text if FORMULA.match(text) else text


def unquote_formula(text: str) -> str:
    """Return the text that `quote_formula` was given."""
    return text.removeprefix(QUOTE) if FORMULA.match(text) else text
