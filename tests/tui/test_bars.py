"""Bars and columns fit the width, and a number above 0 is always visible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from airbook.application.responses import Reservation
from airbook.application.text.formatting import format_fields
from airbook.application.text.labels import Labels
from airbook.tui.widgets.bars import ASCII, BLOCKS, fill, portion, spark
from airbook.tui.widgets.columns import CUT, GAP, NARROWEST, Column, fit, measured

SEATS = st.integers(1, 1_000)
ROWS = [
    Reservation(1, 1, "kim", "approved", seat=1),
    Reservation(20, 1, "김하늘 Skywalker", "received"),
    Reservation(300, 1, "[/]\x1b[31m", "rejected", reason="no_seats_left"),
]
COLUMNS = (
    Column("id"),
    Column("customer", grows=True),
    Column("status"),
    Column("reason", grows=True),
    Column("received_at", from_width=76),
)


@given(SEATS, st.integers(0, 1_000), st.integers(0, 2_000), st.integers(-2, 200))
def test_a_bar_is_as_wide_as_its_column(seats: int, taken: int, pending: int, width: int):
    parts = fill(min(taken, seats), pending, seats, width)
    assert sum(parts) == max(0, width)
    assert min(parts) >= 0


@given(SEATS, st.data(), st.integers(3, 200))
def test_a_number_above_0_has_a_cell_in_a_bar(seats: int, data: st.DataObject, width: int):
    taken = data.draw(st.integers(0, seats))
    pending = data.draw(st.integers(0, 2_000))
    full, asked, left = fill(taken, pending, seats, width)
    assert (full > 0) == (taken > 0)
    assert (left > 0) == (taken + pending < seats)
    if pending > 0 and taken == 0:
        assert asked > 0


@given(SEATS, st.integers(1, 1_000), st.integers(2, 200))
def test_a_pending_seat_beside_taken_ones_has_a_cell_if_there_is_room(
    seats: int, pending: int, width: int
):
    taken = seats // 2
    full, asked, left = fill(taken, pending, seats, max(width, 2 * seats))
    assert (full > 0, asked > 0, left > 0) == (taken > 0, True, taken + pending < seats)


def test_bars_of_five_seats():
    assert [fill(taken, 1, 5, 10) for taken in range(6)] == [
        (0, 2, 8),
        (2, 2, 6),
        (4, 2, 4),
        (6, 2, 2),
        (8, 2, 0),
        (10, 0, 0),
    ]
    assert fill(0, 3, 0, 10) == (0, 0, 10)
    assert [portion(part, 1_000, 10) for part in (0, 1, 500, 999, 1_000)] == [0, 1, 5, 9, 10]


@given(st.lists(st.integers(0, 10_000), max_size=80), st.integers(1, 100))
def test_a_spark_line_fits_and_its_highest_column_is_full(counts: list[int], width: int):
    for strokes in (BLOCKS, ASCII):
        line = spark(counts, width, strokes.steps)
        assert len(line) <= max(width, 0)
        assert line.strip() == "" if not any(counts) else strokes.steps[-1] in line
        assert set(line) <= {" ", *strokes.steps}


def test_a_spark_line_has_the_newest_on_the_right_and_draws_a_count_of_1():
    assert spark([0, 1, 4, 8, 1_000], 5, BLOCKS.steps) == " ▁▁▁█"
    assert spark([1, 2, 0, 0, 4], 3, BLOCKS.steps) == "▂▄█"
    assert spark([], 3, BLOCKS.steps) == ""


@given(st.integers(1, 200), st.lists(st.integers(0, 60), min_size=5, max_size=5))
def test_columns_fit_unless_they_are_at_their_narrowest(room: int, needs: list[int]):
    widths = {column.name: need for column, need in zip(COLUMNS, needs, strict=True)}
    found = fit(COLUMNS, widths, room)
    least = sum(NARROWEST if one.grows else widths[one.name] for one, _ in found)
    taken = sum(width for _, width in found) + GAP * (len(found) - 1)
    assert taken <= max(room, least + GAP * (len(found) - 1))
    assert [one.name for one, _ in found] == [one.name for one in COLUMNS if one.from_width <= room]
    assert all(width == widths[one.name] for one, width in found if not one.grows)


@given(st.integers(0, 60), st.sampled_from(ROWS), st.sampled_from(COLUMNS))
def test_texts_fill_their_column(width: int, row: Reservation, column: Column):
    for label in (Labels("en"), Labels("ko")):
        parts = list(column.padded(column.parts(row, format_fields(row, label), width), width))
        text = "".join(text for text, _ in parts)
        assert cell_len(text) == width


@pytest.mark.parametrize(
    ("width", "text"),
    [(20, "김하늘 Skywalker    "), (16, "김하늘 Skywalker"), (12, "김하늘 Sky.."), (5, "김 ..")],
)
def test_a_text_that_is_too_long_is_cut_and_marked(width: int, text: str):
    column = COLUMNS[1]
    parts = column.padded(column.parts(ROWS[1], format_fields(ROWS[1], Labels("en")), width), width)
    assert "".join(text for text, _ in parts) == text
    assert CUT == ".."


def test_columns_are_as_wide_as_their_texts_and_never_become_narrower():
    label = Labels("ko")

    def heading(column: Column) -> str:
        return column.heading(label)

    rows = [format_fields(row, label) for row in ROWS]
    wide = measured(COLUMNS, rows, heading, {})
    assert wide == {"id": 4, "customer": 16, "status": 6, "reason": 14, "received_at": 9}
    assert measured(COLUMNS, rows[:1], heading, wide) == wide
