"""Text that is safe to print on a terminal, and that fits its width."""

from __future__ import annotations

import unicodedata

# Unicode's Bidi_Control property (https://www.unicode.org/reports/tr9/): it can hide text.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, surrogates, line and paragraph separators


def is_plain(text: str) -> bool:
    """Return whether a text has no control, bidi, surrogate or separator character."""
    return text.isprintable() or not any(
        c in BIDI or unicodedata.category(c) in UNSAFE for c in text
    )


def visible(text: str) -> str:
    r"""Escape every character that is not plain as \uXXXX; return any other text as it is."""
    return (
        text if is_plain(text) else "".join(c if is_plain(c) else f"\\u{ord(c):04x}" for c in text)
    )


def shown(text: str, most: int = 40) -> str:
    """Quote a text for an error message: escaped, and cut after so many characters."""
    return f"'{visible(text if len(text) <= most else text[:most] + '…')}'"


def wrapped(text: str, width: int) -> list[str]:
    """Break a text at spaces into lines.

    width: the most cells of a line, but a longer word is not broken. Returns at least one line.
    """
    from rich.cells import cell_len

    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}"
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer.lstrip()
    return [line.rstrip() for line in lines]
