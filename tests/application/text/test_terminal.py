"""Texts that are wrapped, broken and cut to a width in cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rich.cells import cell_len

from airbook.application.text.terminal import broken, cut, wrapped

TEXTS = some.text("ab 가힣é\u0301\u200d\ufe0f☺👍👩🏽")


@given(TEXTS, some.integers(2, 40))
def test_breaking_loses_no_character_and_fits(text: str, width: int):
    lines = broken(text, width)
    assert "".join(lines) == text
    assert all(cell_len(line) <= width for line in lines)


@given(TEXTS, some.integers(1, 40))
def test_a_text_that_is_cut_fits_and_ends_with_one_ellipsis(text: str, width: int):
    shown = cut(text, width)
    assert cell_len(shown) <= width
    if shown != text:
        assert shown[-1] == "…"
        assert text.startswith(shown[:-1])
        assert cell_len(text) > width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("approved", 8, "approved"),
        ("approved", 7, "approv…"),
        ("approved", 1, "…"),
        ("김철수", 6, "김철수"),
        ("김철수", 5, "김철…"),
        ("김철수", 4, "김…"),
        ("김철수", 2, "…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_as_much_is_kept_as_fits(text: str, width: int, shown: str):
    assert cut(text, width) == shown


@given(TEXTS)
def test_a_text_that_fits_is_one_line(text: str):
    assert wrapped(text, max(1, cell_len(text))) == [text.strip()]
