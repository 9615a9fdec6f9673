"""Tables fit every width: each character of a cell is shown, or an ellipsis stands for it."""

from __future__ import annotations

import ast
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, get_args, get_type_hints
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec import Raw, json
from rich.cells import cell_len, split_graphemes

from airbook.application.responses import Response
from airbook.application.text.formatting import CODES, FREE, NUMBERS, TIMES
from airbook.application.text.labels import Labels
from airbook.cli.output import tables
from airbook.cli.output.layout import GAP, LEAST_FREE_WIDTH
from airbook.cli.output.table import TablePrinter
from airbook.cli.output.tables import Table

PORTION = Path(tables.__file__).parents[2]
TABLES = {name: one for name, one in vars(tables).items() if isinstance(one, Table)}
# Hangul whole and in parts, combining marks, wide and joined emoji; the empty word is a space more.
WORDS = (
    *("kim", "=1", "", "[bold]x[/]", "reservation-123456789", "x가" * 9, "―→"),
    *("김서연", "가나다라마바사아자차", "ㅎ", "각각각", "e\u0301o\u0302\u0323"),
    *("👍🏽", "☺️☺️☺️", "👩‍👩‍👧👩‍👩‍👧", "🇰🇷", *CODES),
)
TEXTS = some.lists(some.sampled_from(WORDS), max_size=4).map(" ".join)
VALUES: dict[type, some.SearchStrategy[Any]] = {
    str: TEXTS,
    int: some.integers(0, 10**9 - 1),
    float: some.floats(0, 10**6).map(lambda seconds: round(seconds, 3)),
    Raw: some.dictionaries(some.sampled_from(["airplane", "seat", "customer"]), TEXTS).map(
        lambda data: Raw(json.encode(data))
    ),
}


def responses(table: Table) -> some.SearchStrategy[Response]:
    """Make responses of a table, with any contents."""
    fields = dict[str, some.SearchStrategy[Any]]()
    for name, hint in get_type_hints(table.response).items():
        (kind, *null) = get_args(hint) or (hint,)
        known = some.just("2026-11-22T09:00:00.007Z") if name in TIMES else VALUES[kind]
        fields[name] = known | some.none() if null else known
    return some.builds(table.response, **fields)


def printed(
    printer: TablePrinter, rows: Sequence[Response], width: int | None, *, headed: bool = True
) -> str:
    """Print rows to a pipe. width: COLUMNS; None means that it is not set."""
    out = io.StringIO()
    with mock.patch.dict(os.environ, COLUMNS=str(width or "")), redirect_stdout(out):
        printer.print(rows, headed=headed)
    return out.getvalue()


def columns_of(lines: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
    """Cut lines into their columns; yields the lines of each column without its padding."""
    first = 0
    for width in widths:
        yield [cells_of(line, first, first + width).strip() for line in lines]
        first += width + GAP


def cells_of(line: str, first: int, last: int) -> str:
    at, text = 0, ""
    for start, end, cells in split_graphemes(line)[0]:
        text += line[start:end] if first <= at < last else ""
        at += cells
    return text


def is_whole(text: str, lines: Sequence[str]) -> bool:
    """Return whether lines show a text; an ellipsis at the end of a line stands for word ends."""
    for line in lines:
        shown, ellipsis, after = line.partition("…")
        if after:
            return False
        for word in shown.split(" "):
            text = text.lstrip(" ")
            if not text.startswith(word):
                return False
            text = text.removeprefix(word)
        text = text.partition(" ")[2] if ellipsis else text
    return not text.strip(" ")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
@settings(max_examples=25)
@given(data=some.data(), width=some.integers(20, 200))
def test_every_table_fits_every_width_and_shows_every_cell(
    table: Table, language: str, data: some.DataObject, width: int
):
    rows = data.draw(some.lists(responses(table), min_size=1, max_size=2))
    printer = TablePrinter(table.columns, Labels(language), color=False)
    whole = printed(printer, rows, width)
    assert [line for line in whole.splitlines() if cell_len(line) > width] == []
    widths = printer.layout.widths(width)
    blocks = [printed(printer, [row], width, headed=False) for row in rows]
    heading = whole.removesuffix("".join(blocks)).splitlines()
    assert heading.pop() == "-" * (sum(widths) + GAP * (len(widths) - 1))
    cells = [printer.headings, *(printer.cells(row) for row in rows)]
    for texts, lines in zip(cells, [heading, *(one.splitlines() for one in blocks)], strict=True):
        for text, shown in zip(texts, columns_of(lines, widths), strict=True):
            assert is_whole(text, shown), (text, shown)
    free = [width for width, name in zip(widths, table.columns, strict=True) if name in FREE]
    if max(free, default=0) > LEAST_FREE_WIDTH:  # they could have given more room
        assert "…" not in "".join(blocks)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
@settings(max_examples=25)
@given(data=some.data())
def test_where_lines_have_any_length_a_row_is_a_line(table: Table, data: some.DataObject):
    rows = data.draw(some.lists(responses(table), min_size=1, max_size=2))
    printer = TablePrinter(table.columns, Labels("en"), color=False)
    lines = printed(printer, rows, None).splitlines()
    assert len({cell_len(line) for line in lines}) == 1
    assert len(lines) == 2 + len(rows)
    widths = printer.layout.widths(None)
    for row, line in zip(rows, lines[2:], strict=True):
        texts = [text.strip(" ") for text in printer.cells(row)]
        assert [shown for (shown,) in columns_of([line], widths)] == texts


def test_numbers_are_on_the_right():
    airplanes = TablePrinter(("id", "name"), Labels("en"), color=False)
    airplanes.layout.add(("1000", "KE"))
    assert list(airplanes.layout.lines(("1", "KE"), [4, 5])) == [["   1", "KE   "]]
    assert "id" in NUMBERS


def test_every_table_of_a_command_is_one_of_these():
    """A layout of rows that no test above covers must not come back."""
    calls = [
        (str(file.relative_to(PORTION)), node.func.id)
        for file in sorted(PORTION.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"Table", "TablePrinter", "Layout"}
    ]
    assert {file for file, name in calls if name == "Table"} == {"cli/output/tables.py"}
    assert len([name for _, name in calls if name == "Table"]) == len(TABLES)
    assert [call for call in calls if call[1] != "Table"] == [
        ("cli/output/render.py", "TablePrinter"),
        ("cli/output/table.py", "Layout"),
    ]
