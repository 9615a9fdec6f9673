"""The words of a line that is being typed in bash, and quoting text for such a line."""

from __future__ import annotations

import re

# A backslash and a quote may be the last character, since the line is not finished.
WORD = re.compile(r"""(?:\\.?|'[^']*'?|"(?:\\.|[^"\\])*\\?"?|[^\s'"\\])+""", re.DOTALL)
SAFE = re.compile(r"[\w@%+=:,./-]")
ESCAPED_IN_DOUBLE_QUOTES = '"\\$`'


def split(line: str) -> list[str]:
    """Split a line into words, with their quotes; the last one is empty after a space."""
    found = list(WORD.finditer(line))
    words = [one.group() for one in found]
    return words if found and found[-1].end() == len(line) else [*words, ""]


def unquote(word: str) -> tuple[str, str]:
    """Return the text that a word stands for, and the quote that is still open or ""."""
    text = quote = ""
    escaped = False
    for character in word:
        if escaped:
            kept = quote and character not in ESCAPED_IN_DOUBLE_QUOTES
            text += f"\\{character}" if kept else character
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character == quote:
            quote = ""
        elif character in "'\"" and not quote:
            quote = character
        else:
            text += character
    return text, quote


def quoted(text: str, quote: str) -> str:
    """Write text so that bash reads it unchanged. quote: the quote that is open before it or ""."""
    return "".join(quoted_character(character, quote) for character in text)


def quoted_character(character: str, quote: str) -> str:
    """Write one character so that bash reads it unchanged."""
    match quote, character:
        case "'", "'":
            return r"'\''"
        case '"', "!":  # bash looks for it in double quotes, and a backslash would stay there
            return "\"'!'\""
        case '"', _ if character in ESCAPED_IN_DOUBLE_QUOTES:
            return f"\\{character}"
        case "", _ if not SAFE.fullmatch(character):
            return f"\\{character}"
        case _:
            return character


def replacement(value: str, typed: str, replaced: str) -> str:
    """Return the text that takes the place of the end of a word, so that it stands for `value`.

    typed: the word as it is typed, with its quotes. replaced: its end, from the last character at
    which bash breaks words, such as : or =.
    """
    text, quote = unquote(typed[: len(typed) - len(replaced)])
    return quoted(value[len(text) :], quote)
