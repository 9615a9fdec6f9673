"""The answer of a finished command, and checks of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

VARYING = {
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"): "<time>",
    re.compile(r"\bc[0-9a-f]{16}\b"): "<customer>",
}
# Characters that control a terminal: C0 except newline, DEL, C1, bidi controls, line and paragraph
# separators.
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Answer(NamedTuple):
    """The result of a command.

    code: the exit code; below 0, the signal that ended the process. out, err: with <time> and
    <customer> in place of times and customer ids. raw: stdout unchanged.
    """

    code: int
    out: str
    err: str
    raw: bytes = b""

    @property
    def document(self) -> Any:  # noqa: ANN401 -- JSON
        return json.loads(self.raw)


def answer_of(code: int, out: bytes, err: bytes) -> Answer:
    """Make the answer of a command from the bytes that it has written."""
    return Answer(code, without_what_varies(out.decode()), without_what_varies(err.decode()), out)


def without_what_varies(text: str) -> str:
    """Replace times and customer ids, which differ from run to run."""
    for pattern, word in VARYING.items():
        text = pattern.sub(word, text)
    return text


def refused(answer: Answer) -> Sequence[str]:
    """Check that stderr has one sentence, with or without a hint; returns its lines."""
    lines = answer.err.splitlines()
    assert answer.out == "", answer
    assert 1 <= len(lines) <= 2, answer
    assert len(lines) == 1 or lines[1].startswith("hint: "), answer
    assert "Traceback" not in answer.err
    assert not OBEYED.search(answer.err), answer
    return lines
