"""Keys that come faster than the screen: none of them means something it did not mean."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from tests.cli.play import Home
from tests.tui.screen import dashboard, my_page, played


@pytest.mark.parametrize(
    ("opened", "keys"),
    [
        (["a", "7"], ["enter", "enter"]),
        (["2", "c"], ["y", "y"]),
        (["2", "c"], ["enter", "enter"]),
        (["colon", "f", "o", "o"], ["enter", "enter"]),
    ],
    ids=str,
)
@played
async def test_a_key_held_down_closes_a_dialog_and_no_more(
    five_seats: Home, opened: Sequence[str], keys: Sequence[str]
):
    async with dashboard(five_seats) as one:
        for key in opened:
            await one.press(key)
            await one.settle()
        await one.until(lambda: len(one.app.screen_stack) == 2)
        await one.hurry(*keys)
        await one.until(lambda: one.app.screen is one.screen)


@played
async def test_escape_held_down_closes_a_dialog_and_no_more(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        await one.press("j")
        for opened in ("a", "x", "question_mark", "ctrl+p", "colon"):
            await one.press(opened)
            await one.until(lambda: len(one.app.screen_stack) == 2)
            await one.hurry("escape", "escape")
            await one.until(lambda: one.app.screen is one.screen)


@played
async def test_a_choice_is_made_once(five_seats: Home):
    five_seats("admin", "add-plane", "--seats", "2")
    async with my_page(five_seats, "kim") as one:
        await one.press("n")
        await one.shows("Choose an airplane")
        await one.hurry("enter", "enter")
        await one.is_told("Reservation 7 is received.")
        await one.until(lambda: one.page.listing.window.total == 2)


@played
async def test_one_who_comes_back_from_the_past_is_back(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t")
        await one.hurry("left", "left", "b")
        await one.settle()
        assert one.screen.as_of is None
        assert one.heading.endswith("LIVE")


@played
async def test_one_who_comes_back_while_it_plays_is_back(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t", "home")
        one.screen.slider.go(5)
        one.screen.action_live()
        await one.settle()
        assert one.screen.as_of is None


@played
async def test_commands_given_while_the_store_is_slow_wait_for_one_another(five_seats: Home):
    five_seats("admin", "add-plane", "--seats", "2")
    async with my_page(five_seats, "kim") as one:
        await one.settle()
        goes_on = threading.Event()
        one.screen.hear("slow", lambda _: goes_on.wait(), lambda _: None)
        await one.press("n", "n")
        goes_on.set()
        await one.shows("Choose an airplane", "2 of 2 seats left")
        await one.press("escape")
        await one.settle()
        await one.press("escape")
        assert one.app.screen is one.screen


@played
async def test_a_command_that_was_given_is_told_of_whatever_is_pressed_meanwhile(
    five_seats: Home,
):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        goes_on = threading.Event()
        await one.press("j", "x")
        await one.shows("Cancel reservation 5?")
        one.screen.hear("slow", lambda _: goes_on.wait(), lambda _: None)
        await one.press("y", "u")
        goes_on.set()
        await one.until(lambda: one.said or len(one.app.screen_stack) == 2)
        assert "No command given here by a key is left to undo." not in one.said
