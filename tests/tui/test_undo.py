"""Undo: the command that reverts the last one is given after a confirmation."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Reservation
from airbook.application.undo import ExecutedOrder, Execution, compensation
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.reservation import CancelReservation
from tests.support.home import Home
from tests.tui.screen import dashboard, played
from tests.tui.stores import open_airbook

PLANE = Airplane(1, None, 5, 5, 0, 0, "open")
CLOSED = Airplane(1, None, 5, 5, 0, 0, "closed")
KIM = Reservation(1, 1, "kim", "approved", seat=1)


@pytest.mark.parametrize(
    ("given", "order"),
    [
        (ExecutedOrder(Order(CreateAirplane(5)), 1, None), Order(CloseAirplane(), 1)),
        (ExecutedOrder(Order(OpenAirplane(), 1), 1, CLOSED), Order(CloseAirplane(), 1)),
        (ExecutedOrder(Order(OpenAirplane(), 1), 1, PLANE), None),
        (ExecutedOrder(Order(CloseAirplane(), 1), 1, CLOSED), None),
        (ExecutedOrder(Order(ChangeSeats(5), 1), 1, PLANE), None),
        (ExecutedOrder(Order(CloseAirplane(), 1), 1, PLANE), Order(OpenAirplane(), 1)),
        (ExecutedOrder(Order(ChangeSeats(9), 1), 1, PLANE), Order(ChangeSeats(5), 1)),
        (ExecutedOrder(Order(Reserve(1, "kim")), 7, None), Order(CancelReservation(), 7)),
        (ExecutedOrder(Order(CancelReservation(), 1), 1, KIM), Order(Reserve(1, "kim"))),
        (
            ExecutedOrder(Order(CancelReservation(), 1), 1, Reservation(1, 1, None, "received")),
            None,
        ),
    ],
)
def test_every_command_has_a_command_that_reverts_it(given: ExecutedOrder, order: Order | None):
    assert compensation(given) == order


def test_a_given_command_knows_the_state_before_it(five_seats: Home):
    with open_airbook(five_seats) as airbook:
        orders = [
            Order(CreateAirplane(3)),
            Order(ChangeSeats(9), 1),
            Order(CloseAirplane(), 1),
            Order(Reserve(1, "kim")),
            Order(CancelReservation(), 1),
        ]
        given = [Execution(order)(airbook) for order in orders]
    nine = Airplane(1, None, 9, 5, 0, 4, "open")
    at = "2026-11-22T09:00:00.002Z", "2026-11-22T09:00:00.009Z"
    kim = Reservation(1, 1, "kim", "approved", 1, None, *at)
    assert given == [
        ExecutedOrder(orders[0], 2, None),
        ExecutedOrder(orders[1], 1, PLANE),
        ExecutedOrder(orders[2], 1, nine),
        ExecutedOrder(orders[3], 7, None),
        ExecutedOrder(orders[4], 1, kim),
    ]


@pytest.mark.parametrize(
    ("keys", "done", "question", "undone"),
    [
        (
            ["2", "a", "7", "enter"],
            "Airplane 2 added.",
            "Close airplane 2? What is reserved stays, new",
            "Airplane 2 is closed.",
        ),
        (
            ["2", "e", "backspace", "9", "enter"],
            "Airplane 1 has 9 seats now.",
            "Set airplane 1 to 5 seats?",
            "Airplane 1 has 5 seats now.",
        ),
        (
            ["2", "c", "y"],
            "Airplane 1 is closed.",
            "Open airplane 1 again?",
            "Airplane 1 is open.",
        ),
        (
            ["3", "n", "k", "enter"],
            "Reservation 7 is received.",
            "Undo: Cancel this reservation? 7 · k · airplane 1",
            "Reservation 7 is cancelled.",
        ),
        (
            ["3", "end", "x", "y"],
            "Reservation 1 is cancelled.",
            "Request a seat of airplane 1 for kim once more?",
            "Reservation 7 is received.",
        ),
    ],
)
@played
async def test_the_last_command_is_undone_after_a_confirmation(
    five_seats: Home, keys: Sequence[str], done: str, question: str, undone: str
):
    async with dashboard(five_seats) as player:
        for key in keys:
            await player.press(key)
            await player.settle()
        await player.gets_notice(done)
        for no in ("enter", "n", "escape"):
            await player.press("u")
            await player.shows(question)
            await player.press(no)
            await player.until(lambda: player.app.screen is player.screen)
        await player.press("u")
        await player.shows(question)
        await player.press("y")
        await player.gets_notice(undone)
        await player.press("u")
        await player.gets_notice("No command given here by a key is left to undo.")


@played
async def test_commands_are_undone_from_the_last_to_the_first(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        for seats in ("7", "8", "9"):
            await player.press("e", "backspace", seats, "enter")
            await player.gets_notice(f"Airplane 1 has {seats} seats now.")
            await player.until(lambda seats=seats: player.page.row.seats == int(seats))  # type: ignore[misc]
        for seats in ("8", "7", "5"):
            await player.press("u")
            await player.shows(f"Undo: Set airplane 1 to {seats} seats?")
            await player.press("y")
            await player.gets_notice(f"Airplane 1 has {seats} seats now.")


@played
async def test_an_undo_that_a_rule_forbids_is_refused(
    five_seats: Home,
):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("e", "backspace", "9", "enter")
        await player.gets_notice("Airplane 1 has 9 seats now.")
        with five_seats.daemon():
            five_seats("reserve", "1", "--customer", "kim", "--wait")
        await player.press("u")
        await player.shows("Set airplane 1 to 5 seats?")
        await player.press("y")
        await player.gets_notice("Airplane 1 cannot have fewer than 6 seats: seat 6 is taken.")
        await player.press("u")
        await player.gets_notice("No command given here by a key is left to undo.")


@played
async def test_a_change_of_another_process_is_not_undone(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("e", "backspace", "9", "enter")
        await player.gets_notice("Airplane 1 has 9 seats now.")
        five_seats("admin", "set-seats", "1", "8")
        await player.until(lambda: player.page.row.seats == 8)
        await player.press("u")
        await player.gets_notice(
            "The result of the last command has been changed since: it cannot be undone."
        )
        assert player.notices == []
        await player.press("u")
        await player.gets_notice("No command given here by a key is left to undo.")
        assert player.app.screen is player.screen
