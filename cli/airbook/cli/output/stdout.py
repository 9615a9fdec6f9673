"""Standard output: how wide it is, and sentences that fit."""

from __future__ import annotations

import os
import sys

from airbook.application.text.parsing import NUMBER
from airbook.application.text.terminal import visible, wrapped

DEFAULT_WIDTH = 80  # cells, of a terminal that does not tell


def stdout_width() -> int | None:
    """Return the width of stdout in cells; None if its lines may have any length.

    COLUMNS takes precedence, also in a pipe, as it does for programs of POSIX.
    """
    columns = os.environ.get("COLUMNS", "")
    if NUMBER.fullmatch(columns) and int(columns):
        return int(columns)
    if not sys.stdout.isatty():
        return None
    return os.get_terminal_size(sys.stdout.fileno()).columns or DEFAULT_WIDTH


def print_sentence(sentence: str) -> None:
    """Print a sentence; where lines have a width, it is wrapped at its spaces."""
    text, width = visible(sentence), stdout_width()
    print("\n".join([text] if width is None else wrapped(text, width)))
