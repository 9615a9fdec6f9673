"""Text that is safe to print on a terminal, and that fits its width."""

from __future__ import annotations

import unicodedata

# Unicode's Bidi_Control property (https://www.unicode.org/reports/tr9/): it can hide text.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, surrogates, line and paragraph separators
ELLIPSIS = "…"
# The property Default_Ignorable_Code_Point, the first and the last of each range: joiners, fillers,
# variation selectors, tags (https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt).
IGNORABLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
BLANK_BRAILLE = "\u2800"  # looks like a space, but its category is that of a symbol
SPACES_AND_MARKS = frozenset("ZM")  # categories; a mark needs another character to be seen on
SYLLABLES_PER_VOWEL = 28  # of the syllables in a row, only the first has no final consonant
READ_WITH_CONSONANT = frozenset("013678lmn")  # 영 일 삼 육 칠 팔; -l, -m, -n


def is_plain(text: str) -> bool:
    """Return whether a text has no control, bidi, surrogate or separator character."""
    return text.isprintable() or not any(
        c in BIDI or unicodedata.category(c) in UNSAFE for c in text
    )


def is_blank(text: str) -> bool:
    """Return whether nothing of a text can be seen: only spaces, marks and ignorable characters."""
    return not any(
        unicodedata.category(c)[0] not in SPACES_AND_MARKS
        and c != BLANK_BRAILLE
        and not any(first <= ord(c) <= last for first, last in IGNORABLE)
        for c in text
    )


def visible(text: str) -> str:
    r"""Escape every character that is not plain as \uXXXX; return any other text as it is."""
    return (
        text if is_plain(text) else "".join(c if is_plain(c) else f"\\u{ord(c):04x}" for c in text)
    )


class Quoted(str):
    """A quoted text; the format specification 은/는 adds the Korean particle that fits it."""

    __slots__ = ()

    def __format__(self, specification: str) -> str:
        """Return the text with the particle, or as it is without a specification."""
        if not specification:
            return str(self)
        with_final, without_final = specification.split("/")
        return f"{self}{with_final if ends_in_consonant(self) else without_final}"


def shown(text: str, most: int = 40) -> Quoted:
    """Quote a text for an error message: escaped, and cut after so many characters."""
    return Quoted(f"'{visible(text if len(text) <= most else text[:most] + '…')}'")


def ends_in_consonant(text: str) -> bool:
    """Return whether a Korean reads the last letter or digit of a text with a final consonant."""
    letters = [c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum()]
    last = letters[-1] if letters else " "
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % SYLLABLES_PER_VOWEL > 0
    return last in READ_WITH_CONSONANT


def wrapped(text: str, width: int) -> list[str]:
    """Break a text at spaces into lines.

    width: the most cells of a line, but a longer word is not broken. Returns at least one line.
    """
    if len(text) * (1 if text.isascii() else 2) <= width:
        return [text.strip()]
    from rich.cells import cell_len  # quick commands print nothing that needs it

    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}"
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer.lstrip()
    return [line.rstrip() for line in lines]


def broken(text: str, width: int) -> list[str]:
    """Break a text anywhere into lines of at most so many cells; no character is lost.

    width: at least 2, the cells of a wide character. Returns at least one line.
    """
    from rich.cells import cell_len, split_graphemes

    lines = [""]
    # The cells of a part can be fewer than its cells behind another part, with joiners between.
    for start, end, _ in split_graphemes(text)[0]:
        longer = lines[-1] + text[start:end]
        if lines[-1] and cell_len(longer) > width:
            lines.append(text[start:end])
        else:
            lines[-1] = longer
    return lines


def cut(text: str, width: int) -> str:
    """Cut a text to at most so many cells; a text that is cut ends with an ellipsis."""
    from rich.cells import cell_len, split_graphemes

    if cell_len(text) <= width:
        return text
    end = 0
    for _, after, _ in split_graphemes(text)[0]:
        if cell_len(text[:after]) > width - 1:
            break
        end = after
    return text[:end] + ELLIPSIS
