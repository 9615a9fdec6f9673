"""Tests of times in the views: numbers in the tables, texts everywhere else."""

from __future__ import annotations

import pytest

from airbook.domain.reservation import ReservationApproved, ReservationRequested
from airbook.projections.models.reservations import TABLE
from airbook.projections.store import Views
from airbook.projections.times import milliseconds, time_after
from tests.support.stories import at, of_reservation
from tests.support.views import given_story


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-11-22T09:00:00.007Z", 1_795_338_000_007),
        ("0002-01-01T00:00:00.001Z", -62_104_060_799_999),
        ("9998-12-31T23:59:59.999Z", 253_370_764_799_999),
    ],
)
def test_a_time_is_the_same_after_it_was_a_number(text: str, number: int) -> None:
    assert milliseconds(text) == number
    assert time_after(number) == text


def test_the_tables_hold_numbers(views: Views) -> None:
    given_story(views, *of_reservation(1, ReservationRequested(1, "c1"), ReservationApproved(1, 1)))
    times = f"SELECT received_at, decided_at FROM {TABLE.name} ORDER BY since"  # noqa: S608
    with views.reading() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(times)]
    first, second = milliseconds(at(1)), milliseconds(at(2))
    assert rows == [(first, None), (first, second)]
