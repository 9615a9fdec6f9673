"""Commands given by keys: their arguments are asked for, and their results are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from textual.widgets import Input

from airbook.application.responses import Airplane
from tests.support.home import Home
from tests.support.stores import by_hand
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played
from tests.tui.stores import open_airbook, park


def planes(home: Home) -> Sequence[Airplane]:
    with open_airbook(home) as airbook:
        return airbook.queries.airplanes()


def statuses(home: Home) -> Sequence[tuple[int, int, str | None, str]]:
    with open_airbook(home) as airbook:
        found = airbook.queries.reservations()
    return [(one.id, one.airplane, one.customer, one.status) for one in found]


def states(home: Home) -> Sequence[tuple[int, bool, bool]]:
    with by_hand(home.store) as connection:
        query = "SELECT reservation, retry, dropped FROM parked ORDER BY reservation"
        return connection.execute(query).fetchall()


@pytest.fixture
def parked(five_seats: Home) -> Home:
    """Park two reservations."""
    park(five_seats, (3, 4, "it cannot be settled"), (5, 6, "nor can this"))
    return five_seats


async def answered(player: Player[Any], question: str, *keys: str) -> None:
    """Wait for a question, and answer it."""
    await player.shows(question)
    await player.press(*keys)
    await player.until(lambda: player.app.screen is player.screen)


@played
async def test_an_airplane_is_added(empty: Home):
    async with dashboard(empty) as player:
        await player.press("a")
        await player.type("5")
        await player.press("tab")
        await player.type("HL 7777")
        await player.press("enter")
        await player.gets_notice("Airplane 1 added.")
        await player.shows("HL 7777")
        await player.press("a")
        await player.type("12")
        await player.press("enter")
        await player.gets_notice("Airplane 2 added.")
    assert planes(empty) == [
        Airplane(1, "HL 7777", 5, 0, 0, 5, "open"),
        Airplane(2, None, 12, 0, 0, 12, "open"),
    ]


@played
async def test_a_second_airplane_of_one_name_needs_a_confirmation(empty: Home):
    empty("admin", "add-plane", "--seats", "5", "--name", "KE 907")
    async with dashboard(empty) as player:
        await player.press("a", "7", "tab", *"ke", "space", *"907", "enter")
        await player.shows("Airplane 1 is called KE 907 already. Add another")
        await player.press("enter")
        await player.until(lambda: isinstance(player.app.focused, Input))
        await player.press("enter")  # the form is still there, with its text
        await answered(player, "Airplane 1 is called KE 907 already. Add another", "y")
        await player.gets_notice("Airplane 2 added.")
    assert [(one.seats, one.name) for one in planes(empty)] == [(5, "KE 907"), (7, "ke 907")]


@played
async def test_seats_are_set_but_not_below_the_taken_ones(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("e")
        await player.shows("Airplane 1: 5 seats, 5 taken.")
        await player.press("backspace", "9", "enter")
        await player.gets_notice("Airplane 1 has 9 seats now.")
        await player.press("e", "backspace", "4", "enter")
        sentence = "Airplane 1 cannot have fewer than 5 seats: seat 5 is taken."
        await player.until(lambda: player.complaint == sentence)
        await player.press("backspace", "5", "enter")  # what was typed is still there
        await player.gets_notice("Airplane 1 has 5 seats now.")
    assert [plane.seats for plane in planes(five_seats)] == [5]


@played
async def test_closing_an_airplane_needs_a_confirmation(five_seats: Home):
    question = "Close airplane 1? What is reserved stays, new"
    async with dashboard(five_seats) as player:
        await player.turn(2)
        for no in ("enter", "n", "escape"):
            await player.press("c")
            await answered(player, question, no)
            await player.settle()
            assert (player.notices, player.page.row.status) == ([], "open")
        await player.press("c")
        await answered(player, question, "y")
        await player.gets_notice("Airplane 1 is closed.")
        await player.until(lambda: player.page.row.status == "closed")
        await player.press("c")
        await player.gets_notice("Airplane 1 is open.")
    assert [plane.status for plane in planes(five_seats)] == ["open"]


@played
async def test_yes_can_be_focused_and_clicked(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("c")
        await answered(player, "Close airplane 1?", "right", "enter")
        await player.gets_notice("Airplane 1 is closed.")
        await player.until(lambda: player.page.row.status == "closed")
        await player.press("c")
        await player.until(lambda: player.page.row.status == "open")
        await player.press("c")
        await player.shows("Close airplane 1?")
        await player.pilot.click("#main")
        await player.gets_notice("Airplane 1 is closed.")


@played
async def test_a_seat_is_reserved_for_any_customer_and_a_missing_daemon_is_reported(
    five_seats: Home,
):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("n")
        await player.type("김 하늘")
        await player.press("enter")
        await player.gets_notice("Reservation 7 is received.")
        await player.gets_notice("No daemon is running: reservations wait until one is.")
        await player.turn(3)
        await player.press("n")
        await player.until(lambda: len(player.app.screen_stack) == 2)
        assert player.app.screen.query_one("#airplane").value == "1"  # type: ignore[attr-defined]
    assert statuses(five_seats)[6:] == [(7, 1, "김 하늘", "received")]


@played
async def test_my_page_offers_the_airplanes_with_seats_left(five_seats: Home):
    for seats in ("2", "3"):
        five_seats("admin", "add-plane", "--seats", seats, "--name", f"HL{seats}")
    five_seats("admin", "add-plane", "--seats", "9")
    five_seats("admin", "close-plane", "4")
    async with my_page(five_seats, "kim") as player:
        await player.press("n")
        await player.shows("2  HL2  2 of 2 seats left", "3  HL3  3 of 3 seats left")
        assert "seats left" not in "".join(
            line for line in player.lines if "HL2" not in line and "HL3" not in line
        )
        await player.press("down", "enter")
        await player.gets_notice("Reservation 7 is received.")
        await player.shows("    7         3  received")
        await player.press("n")
        await player.shows("Choose an airplane")
        await player.press("escape")
        await player.settle()
    assert statuses(five_seats)[6:] == [(7, 3, "kim", "received")]


@played
async def test_my_page_reports_that_no_airplane_has_a_seat_left(five_seats: Home):
    async with my_page(five_seats, "kim") as player:
        await player.press("n")
        await player.gets_notice("No airplane has a seat left.")
        await player.press("a")
        await player.gets_notice("Airplanes are added in the dashboard: airbook tui")
        assert (player.app.screen, player.notices) == (player.screen, [])


@played
async def test_a_reservation_is_cancelled_after_a_confirmation(five_seats: Home):
    async with my_page(five_seats, "kim") as player:
        await player.settle()
        await player.press("x")
        await answered(player, "Cancel this reservation? 1 · kim · airplane 1 · seat 1", "enter")
        await player.settle()
        assert (player.notices, player.page.row.status) == ([], "approved")
        await player.press("x")
        await answered(player, "Cancel this reservation? 1 ·", "y")
        await player.gets_notice("Reservation 1 is cancelled.")
        await player.until(lambda: player.page.row.status == "cancelled")
        await player.press("x")  # nothing can be lost: no confirmation
        await player.gets_notice("Reservation 1 is cancelled already.")
        assert player.app.screen is player.screen


@played
async def test_a_rejected_reservation_cannot_be_cancelled(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        await player.press("x")
        await player.gets_notice("Reservation 6 is rejected: there is nothing to cancel.")
        assert player.app.screen is player.screen


@played
async def test_a_parked_reservation_is_tried_again_or_dropped(parked: Home):
    async with dashboard(parked) as player:
        await player.turn(5)
        await player.press("R")
        await player.gets_notice("Reservation 3 will be tried again.")
        await player.until(lambda: player.page.row.state == "retrying")
        await player.press("j", "D")
        await answered(player, "Leave reservation 5 undecided for good?", "enter")
        await player.settle()
        assert (player.notices, states(parked)) == ([], [(3, 1, 0), (5, 0, 0)])
        await player.press("D")
        await answered(player, "Leave reservation 5 undecided for good?", "y")
        await player.gets_notice("Reservation 5 is dropped.")
        await player.until(lambda: player.page.row.state == "dropped")
    assert states(parked) == [(3, 1, 0), (5, 0, 1)]
