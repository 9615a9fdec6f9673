"""Texts that a spreadsheet would run as formulas are quoted, and read back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from airbook.application.text.spreadsheet import quote_formula, unquote_formula


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('=HYPERLINK("http://evil")', '\'=HYPERLINK("http://evil")'),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("", ""),
        ("O'Hara", "O'Hara"),
        ("'quoted'", "'quoted'"),
        ("a=1", "a=1"),
        (" =1", " =1"),
        ("김=철수", "김=철수"),
    ],
)
def test_what_a_formula_begins_with_is_quoted(text: str, quoted: str):
    assert quote_formula(text) == quoted


@given(some.text() | some.text("'=+-@\t\r\n＝a"))
def test_a_quoted_text_begins_no_formula_and_reads_the_same(text: str):
    quoted = quote_formula(text)
    assert quoted[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    assert unquote_formula(quoted) == text
