"""Rows are sorted as people expect: numbers by value, texts without case, nothing at the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import Raw

from airbook.application.responses import Airplane, Event
from airbook.application.sorting import Sorting, sort_key, sort_rows


def airplane(number: int, name: str | None, seats: int = 5) -> Airplane:
    return Airplane(number, name, seats, 0, 0, seats, "open")


FLEET = [
    airplane(1, "KE 907", 180),
    airplane(2, None, 9),
    airplane(3, "ke 9", 30),
    airplane(4, "대한항공", 9),
    airplane(5, "KE 10", 180),
    airplane(6, None, 1_000),
    airplane(7, "가야", 9),
]


@pytest.mark.parametrize(
    ("sorting", "numbers"),
    [
        (None, [1, 2, 3, 4, 5, 6, 7]),
        (Sorting("id"), [1, 2, 3, 4, 5, 6, 7]),
        (Sorting("id", descending=True), [7, 6, 5, 4, 3, 2, 1]),
        (Sorting("seats"), [2, 4, 7, 3, 1, 5, 6]),
        (Sorting("seats", descending=True), [6, 1, 5, 3, 2, 4, 7]),
        (Sorting("name"), [3, 5, 1, 7, 4, 2, 6]),
        (Sorting("name", descending=True), [4, 7, 1, 5, 3, 2, 6]),
        (Sorting("status", descending=True), [1, 2, 3, 4, 5, 6, 7]),
    ],
    ids=str,
)
def test_rows_in_the_order_of_a_field(sorting: Sorting | None, numbers: list[int]):
    assert [one.id for one in sort_rows(FLEET, sorting)] == numbers


@pytest.mark.parametrize(
    "ascending",
    [
        [-1.5, 0, 2, 10.25, 1_000],
        [False, True],
        ["airplane-9", "airplane-10", "reservation-1", "reservation-007", "reservation-10"],
        [
            "",
            "1",
            "02",
            "10",
            "2026-11-22T09:00:00.001Z",
            "9999999999999999999999",
            "a",
            "가",
            "나",
        ],
        [Raw(b'{"airplane":2}'), Raw(b'{"airplane":10}'), Raw(b'"free"'), Raw(b'{"seat":1}')],
    ],
    ids=["numbers", "flags", "streams", "texts", "contents"],
)
def test_values_in_ascending_order(ascending: list[object]):
    descending = ascending[::-1]
    assert sorted(descending, key=sort_key) == ascending


def test_case_decides_only_between_equal_texts():
    assert sorted(["b", "B", "a", "A"], key=sort_key) == ["A", "a", "B", "b"]


@given(some.lists(some.text() | some.text("0123aA-²")))
def test_any_texts_have_an_order(texts: list[str]):
    in_order = sorted(texts, key=sort_key)
    backwards = in_order[::-1]
    assert sorted(backwards, key=sort_key) == in_order


def test_the_contents_of_an_event_are_sorted_as_they_are_shown():
    events = [
        Event(number, "reservation-1", number, "SeatAssigned", "2026-11-22", None, None, Raw(data))
        for number, data in enumerate((b'{"seat":12}', b'{"seat":2}', b"null", b'{"a":null}'), 1)
    ]
    assert [one.position for one in sort_rows(events, Sorting("data"))] == [3, 4, 2, 1]
