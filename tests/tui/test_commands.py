"""Commands given by keys: what they need is asked for, what they led to is told and seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane
from airbook.application.stores.sqlite import SQLiteStore
from tests.cli.play import Home
from tests.support.stores import by_hand
from tests.tui.screen import Player, dashboard, my_page, played

AT = "2026-11-22T09:00:00.000Z"


def planes(home: Home) -> Sequence[Airplane]:
    with Airbook(SQLiteStore(home.store)) as airbook:
        return airbook.queries.airplanes()


def statuses(home: Home) -> Sequence[tuple[int, int, str | None, str]]:
    with Airbook(SQLiteStore(home.store)) as airbook:
        found = airbook.queries.reservations()
    return [(one.id, one.airplane, one.customer, one.status) for one in found]


def states(home: Home) -> Sequence[tuple[int, bool, bool]]:
    with by_hand(home.store) as connection:
        query = "SELECT reservation, again, dropped FROM parked ORDER BY reservation"
        return connection.execute(query).fetchall()


@pytest.fixture
def parked(five_seats: Home) -> Home:
    """Park two reservations."""
    with by_hand(five_seats.store) as connection:
        rows = [(3, 4, "it cannot be settled", AT), (5, 6, "nor can this", AT)]
        connection.executemany("INSERT INTO parked VALUES (?, ?, ?, ?, 0, 0)", rows)
    return five_seats


async def answered(one: Player[Any], question: str, *keys: str) -> None:
    """Wait for a question, and answer it."""
    await one.shows(question)
    await one.press(*keys)
    await one.until(lambda: one.app.screen is one.screen)


@played
async def test_an_airplane_is_added(empty: Home):
    async with dashboard(empty) as one:
        await one.press("a")
        await one.type("5")
        await one.press("tab")
        await one.type("HL 7777")
        await one.press("enter")
        await one.is_told("Airplane 1 added.")
        await one.shows("HL 7777")
        await one.press("a")
        await one.type("12")
        await one.press("enter")
        await one.is_told("Airplane 2 added.")
    assert planes(empty) == [
        Airplane(1, "HL 7777", 5, 0, 0, 5, "open"),
        Airplane(2, None, 12, 0, 0, 12, "open"),
    ]


@played
async def test_seats_are_set_and_fewer_than_are_taken_refused(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(2)
        await one.press("e")
        await one.shows("Airplane 1: 5 seats, 5 taken.")
        await one.press("backspace", "9", "enter")
        await one.is_told("Airplane 1 has 9 seats now.")
        await one.press("e", "backspace", "4", "enter")
        await one.is_told("Airplane 1 cannot have fewer seats than are taken: 5.")
    assert [plane.seats for plane in planes(five_seats)] == [9]


@played
async def test_closing_an_airplane_is_confirmed_and_no_unless_one_says_yes(five_seats: Home):
    question = "Close airplane 1? What is reserved stays, new"
    async with dashboard(five_seats) as one:
        await one.turn(2)
        for no in ("enter", "n", "escape"):
            await one.press("c")
            await answered(one, question, no)
            await one.settle()
            assert (one.said, one.page.row.status) == ([], "open")
        await one.press("c")
        await answered(one, question, "y")
        await one.is_told("Airplane 1 is closed.")
        await one.until(lambda: one.page.row.status == "closed")
        await one.press("c")
        await one.is_told("Airplane 1 is open.")
    assert [plane.status for plane in planes(five_seats)] == ["open"]


@played
async def test_yes_can_be_gone_to_and_clicked(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(2)
        await one.press("c")
        await answered(one, "Close airplane 1?", "right", "enter")
        await one.is_told("Airplane 1 is closed.")
        await one.until(lambda: one.page.row.status == "closed")
        await one.press("c")
        await one.until(lambda: one.page.row.status == "open")
        await one.press("c")
        await one.shows("Close airplane 1?")
        await one.pilot.click("#yes")
        await one.is_told("Airplane 1 is closed.")


@played
async def test_a_seat_is_reserved_for_anybody_and_the_daemon_that_is_missing_is_told_of(
    five_seats: Home,
):
    async with dashboard(five_seats) as one:
        await one.turn(2)
        await one.press("n")
        await one.type("김 하늘")
        await one.press("enter")
        await one.is_told("Reservation 7 is received.")
        await one.is_told("No daemon is running: reservations wait until one is.")
        await one.turn(3)
        await one.press("n")
        await one.until(lambda: len(one.app.screen_stack) == 2)
        assert one.app.screen.query_one("#airplane").value == "1"  # type: ignore[attr-defined]
    assert statuses(five_seats)[6:] == [(7, 1, "김 하늘", "received")]


@played
async def test_on_my_page_one_chooses_among_airplanes_with_seats_left(five_seats: Home):
    for seats in ("2", "3"):
        five_seats("admin", "add-plane", "--seats", seats, "--name", f"HL{seats}")
    five_seats("admin", "add-plane", "--seats", "9")
    five_seats("admin", "close-plane", "4")
    async with my_page(five_seats, "kim") as one:
        await one.press("n")
        await one.shows("2  HL2  2 of 2 seats left", "3  HL3  3 of 3 seats left")
        assert "seats left" not in "".join(
            line for line in one.lines if "HL2" not in line and "HL3" not in line
        )
        await one.press("down", "enter")
        await one.is_told("Reservation 7 is received.")
        await one.shows("    7         3  received")
        await one.press("n")
        await one.shows("Choose an airplane")
        await one.press("escape")
        await one.settle()
    assert statuses(five_seats)[6:] == [(7, 3, "kim", "received")]


@played
async def test_on_my_page_it_is_told_when_no_airplane_has_a_seat_left(five_seats: Home):
    async with my_page(five_seats, "kim") as one:
        await one.press("n")
        await one.is_told("No airplane has a seat left.")
        await one.press("a")
        assert one.app.screen is one.screen


@played
async def test_a_reservation_is_cancelled_after_a_yes(five_seats: Home):
    async with my_page(five_seats, "kim") as one:
        await one.settle()
        await one.press("x")
        await answered(one, "Cancel reservation 1? Its seat is given to others.", "enter")
        assert one.said == []
        await one.press("x")
        await answered(one, "Cancel reservation 1?", "y")
        await one.is_told("Reservation 1 is cancelled.")
        await one.until(lambda: one.page.row.status == "cancelled")
        await one.press("x")  # nothing could be lost: nobody is asked
        await one.is_told("Reservation 1 is cancelled already.")
        assert one.app.screen is one.screen


@played
async def test_what_is_rejected_cannot_be_cancelled(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        await one.press("x")
        await one.is_told("Reservation 6 was rejected; there is nothing to give back.")
        assert one.app.screen is one.screen


@played
async def test_what_is_parked_is_tried_again_or_dropped(parked: Home):
    async with dashboard(parked) as one:
        await one.turn(5)
        await one.press("R")
        await one.is_told("Reservation 3 will be tried again.")
        await one.until(lambda: one.page.row.state == "retrying")
        await one.press("j", "D")
        await answered(one, "Leave reservation 5 undecided for good?", "enter")
        await one.settle()
        assert (one.said, states(parked)) == ([], [(3, 1, 0), (5, 0, 0)])
        await one.press("D")
        await answered(one, "Leave reservation 5 undecided for good?", "y")
        await one.is_told("Reservation 5 is dropped.")
        await one.until(lambda: one.page.row.state == "dropped")
    assert states(parked) == [(3, 1, 0), (5, 0, 1)]
