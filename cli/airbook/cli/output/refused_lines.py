"""The input lines that were refused, as data and on stderr."""

from __future__ import annotations

import sys

from msgspec import structs

from airbook.application.responses import RefusedLine
from airbook.application.text.formatting import encode
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import visible
from airbook.cli.output.errors import describe_error
from airbook.domain.refusal import Refused


def refused_line(number: int, error: Refused | Mistyped, label: Labels) -> RefusedLine:
    """Describe why a line was refused. number: the line's, from 1."""
    report = describe_error(error, ())
    return RefusedLine(number, report.code, visible(label(report.sentence, report.values)))


def print_refused_line(line: RefusedLine, label: Labels, format: str) -> None:  # noqa: A002
    """Print a refused line to stderr; as an object if the output format is json or jsonl."""
    if format in {"json", "jsonl"}:
        text = encode({"error": structs.asdict(line)})
    else:
        text = label(mark("Line {line}: {message}"), {"line": line.line, "message": line.message})
    print(text, file=sys.stderr)
