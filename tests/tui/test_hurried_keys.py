"""Keys that arrive faster than the screen changes keep their meaning."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from tests.support.home import Home
from tests.support.locking import locked
from tests.tui.screen import dashboard, my_page, played


@pytest.mark.parametrize(
    ("opened", "keys", "notices"),
    [
        (["a", "7"], ["enter", "enter"], ["Airplane 2 added."]),
        (["2", "c"], ["y", "y"], ["Airplane 1 is closed."]),
        (["2", "c"], ["enter", "enter"], []),
        (["colon", "f", "o", "o"], ["enter", "enter"], ["There is no command 'foo'."]),
    ],
    ids=str,
)
@played
async def test_a_key_that_is_held_down_closes_only_the_dialog(
    five_seats: Home, opened: Sequence[str], keys: Sequence[str], notices: Sequence[str]
):
    async with dashboard(five_seats) as player:
        for key in opened:
            await player.press(key)
            await player.settle()
        await player.until(lambda: len(player.app.screen_stack) == 2)
        await player.hurry(*keys)
        await player.until(lambda: player.app.screen is player.screen)
        for notice in notices:
            await player.gets_notice(notice)
        await player.settle()
        assert (player.notices, player.page.detail.display) == ([], False)


@played
async def test_escape_that_is_held_down_closes_only_the_dialog(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        await player.press("j")
        for opened in ("a", "x", "question_mark", "ctrl+p", "colon"):
            await player.press(opened)
            await player.until(lambda: len(player.app.screen_stack) == 2)
            await player.hurry("escape", "escape")
            await player.until(lambda: player.app.screen is player.screen)


@played
async def test_a_choice_is_made_once(five_seats: Home):
    five_seats("admin", "add-plane", "--seats", "2")
    async with my_page(five_seats, "kim") as player:
        await player.press("n")
        await player.shows("Choose an airplane")
        await player.hurry("enter", "enter")
        await player.gets_notice("Reservation 7 is received.")
        await player.until(lambda: player.page.row_list.window.total == 2)
        await player.settle()
        assert player.page.row_list.window.total == 2
    assert len(five_seats.json("my-page", "--all")) == 7


@played
async def test_the_present_stays_after_quick_moves_of_the_slider(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t")
        await player.hurry("left", "left", "b")
        await player.settle()
        assert player.screen.as_of is None
        assert player.heading.endswith("screen: live")


@played
async def test_the_present_stays_after_a_late_move_of_the_slider(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t", "home")
        player.screen.slider.go(5)
        player.screen.action_live()
        await player.settle()
        assert player.screen.as_of is None


@played
async def test_commands_wait_for_each_other_while_the_store_is_slow(five_seats: Home):
    five_seats("admin", "add-plane", "--seats", "2")
    async with my_page(five_seats, "kim") as player:
        await player.settle()
        goes_on = threading.Event()
        player.screen.submit("slow", lambda _: goes_on.wait(), lambda _: None)
        await player.press("n", "n")
        goes_on.set()
        await player.shows("Choose an airplane", "2 of 2 seats left")
        await player.press("escape")
        await player.settle()
        assert player.app.screen is player.screen


@played
async def test_a_command_is_reported_whatever_is_pressed_meanwhile(
    five_seats: Home,
):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        await player.press("j", "x")
        await player.shows("Cancel this reservation? 5 · jung")
        with locked(five_seats.kept):
            await player.press("y", "u")
        await player.gets_notice("Reservation 5 is cancelled.")
        await player.gets_notice("No daemon is running: reservations wait until one is.")
        await player.settle()
        assert (player.notices, player.app.screen) == ([], player.screen)
