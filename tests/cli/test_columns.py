"""The two columns of help: every line fits in its cells, and no word is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from rich.cells import cell_len

from airbook.application.text.terminal import wrapped
from airbook.cli.output.columns import columns

WORDS = some.lists(some.text("예약aé─", min_size=1, max_size=10), min_size=1).map(" ".join)


@given(WORDS, some.integers(20, 80))
def test_wrapping_loses_no_word_and_fits(text: str, width: int):
    lines = wrapped(text, width)
    assert " ".join(lines) == text
    assert all(cell_len(line) <= width for line in lines)


def test_columns_line_up_whatever_the_width_of_a_letter():
    rows = [("--customer 이름", "예약하는 고객"), ("--key", "멱등 키, 같은 키면 한 번만 예약")]
    assert list(columns(rows, 36)) == [
        "--customer 이름  예약하는 고객",
        "--key            멱등 키, 같은 키면",
        "                 한 번만 예약",
    ]


def test_a_name_too_wide_for_its_column_has_a_line_of_its_own():
    assert list(columns([("x" * 31, "text"), ("y", "text")], 80)) == [
        "x" * 31,
        " " * 32 + "text",
        "y" + " " * 31 + "text",
    ]
