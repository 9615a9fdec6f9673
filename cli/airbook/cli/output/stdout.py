"""Standard output: how wide it is, sentences that fit, and answers that cannot be printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from io import TextIOWrapper
from typing import NamedTuple

from airbook.application.text.parsing import NUMBER
from airbook.application.text.terminal import visible, wrapped

DEFAULT_WIDTH = 80  # cells, of a terminal that does not tell


class Unprinted(Exception):
    """The answer cannot be written to stdout. The text is the reason that the system gives."""


class Stored(NamedTuple):
    """What a command has stored before it prints its answer.

    sentence: English, for an answer that cannot be printed, with {placeholders} for `values` and
    for the {error}. hint: the command that prints what is stored.
    """

    sentence: str
    values: Mapping[str, object] = {}
    hint: str | None = None


class Output(TextIOWrapper):
    """A text stream that takes the place of another one."""

    def __init__(self, stream: TextIOWrapper) -> None:
        super().__init__(
            stream.buffer,
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        self.stream = stream  # which would close the buffer if it were deleted


class Stdout(Output):
    """Standard output; it raises Unprinted, unless the reader has closed the pipe."""

    def write(self, text: str) -> int:
        """Write a text."""
        try:
            return super().write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unprinted(error.strerror) from error

    def flush(self) -> None:
        """Write everything that waits to be written."""
        try:
            super().flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unprinted(error.strerror) from error


class Stderr(Output):
    """Standard error; a message that cannot be written is lost, and the command goes on."""

    def write(self, text: str) -> int:
        """Write a text if that is possible."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Write everything that waits to be written, if that is possible."""
        with suppress(OSError):
            super().flush()


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
