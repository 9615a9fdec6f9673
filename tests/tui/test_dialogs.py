"""Dialogs: what is wrong is said in a sentence, Tab goes round, and Escape gives nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from textual.widgets import Input

from tests.cli.play import Home
from tests.tui.screen import Player, dashboard, played

LONG = "x" * 81
Wrong = Sequence[tuple[Mapping[str, str], str, str]]


async def fill(one: Player, **values: str) -> None:  # type: ignore[type-arg]
    """Write values into the form, and hand it in."""
    await one.until(lambda: one.app.screen.query(Input))
    for name, value in values.items():
        one.app.screen.query_one(f"#{name}", Input).value = value
    await one.press("enter")


WRONG_AIRPLANES: Wrong = (
    ({"seats": ""}, "'' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "five"}, "'five' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "５"}, "'５' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "-1"}, "'-1' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "0"}, "An airplane has 1 to 1000 seats.", "seats"),
    ({"seats": "1001"}, "An airplane has 1 to 1000 seats.", "seats"),
    ({"seats": "5", "name": LONG}, "A name has 1 to 80 characters.", "name"),
    ({"name": "\u202ex"}, r"'\u202ex' has characters that cannot be shown.", "name"),
)
WRONG_RESERVATIONS: Wrong = (
    ({"airplane": "0"}, "Numbers begin at 1.", "airplane"),
    ({"airplane": "1 2"}, "'1 2' is not a number of 1 to 9 digits.", "airplane"),
    ({"airplane": "1", "customer": " "}, "A name has 1 to 80 characters.", "customer"),
)


@pytest.mark.parametrize(("key", "wrong"), [("a", WRONG_AIRPLANES), ("n", WRONG_RESERVATIONS)])
@played
async def test_what_cannot_be_is_said_where_it_was_typed(empty: Home, key: str, wrong: Wrong):
    async with dashboard(empty) as one:
        await one.press(key)
        for values, sentence, focused in wrong:
            await fill(one, **values)
            assert one.complaint == f"{focused.title()}: {sentence}"
            assert one.app.screen.focused == one.app.screen.query_one(f"#{focused}")
        await one.press("escape")
        await one.settle()
        assert (one.app.screen, one.said, one.page.row) == (one.screen, [], None)


@played
async def test_what_is_wrong_is_said_in_the_language_chosen(empty: Home):
    async with dashboard(empty, "ko") as one:
        await one.press("a")
        await fill(one, seats="0")
        label = one.screen.label
        sentence = label("An airplane has 1 to {most} seats.", {"most": 1_000})
        await one.until(lambda: one.complaint == f"{label('Seats')}: {sentence}")
        assert not sentence.isascii()


@played
async def test_tab_goes_round_and_back(empty: Home):
    async with dashboard(empty) as one:
        await one.press("a")
        await one.until(lambda: one.app.screen.focused)
        seen = list[str | None]()
        keys = ["tab", "tab", "tab", "tab", "shift+tab", "shift+tab", "up", "up", "down"]
        for key in keys:
            await one.press(key)
            assert one.app.screen.focused is not None
            seen.append(one.app.screen.focused.id)
        assert seen[:4] == ["name", "ok", "back", "seats"]
        assert seen[4:] == ["back", "ok", "name", "seats", "name"]


@played
async def test_what_is_typed_behind_a_tab_at_once_belongs_to_the_next_field(empty: Home):
    async with dashboard(empty) as one:
        await one.press("a")
        await one.until(lambda: one.app.screen.focused)
        await one.hurry("5", "tab", *"HL7", "enter")
        await one.is_told("Airplane 1 added.")
        await one.until(lambda: one.page.row and one.page.row.name == "HL7")
        assert one.page.row.seats == 5


@pytest.mark.parametrize(("button", "said"), [("#ok", True), ("#back", False)])
@played
async def test_buttons_can_be_clicked(empty: Home, button: str, said: bool):
    async with dashboard(empty) as one:
        await one.press("a", "5")
        await one.pilot.click(button)
        await one.until(lambda: one.app.screen is one.screen)
        await one.settle()
        await one.until(lambda: (one.said == ["Airplane 1 added."]) == said)


@played
async def test_a_question_goes_from_no_to_yes_and_round(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(2)
        await one.press("c")
        await one.shows("Close airplane 1?")
        seen = list[str | None]()
        for key in ("left", "h", "l", "right", "tab", "tab"):
            await one.press(key)
            assert one.app.screen.focused is not None
            seen.append(one.app.screen.focused.id)
        assert seen == ["yes", "no", "yes", "no", "yes", "no"]
        await one.press("a", "q", "escape")
        await one.until(lambda: one.app.screen is one.screen)


@played
async def test_keys_of_the_screen_do_nothing_behind_a_dialog(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(2)
        await one.press("c")
        await one.shows("Close airplane 1?")
        await one.hurry("a", "u", "t", "3", "p", "colon", "question_mark")
        assert (len(one.app.screen_stack), one.screen.as_of, one.screen.paused) == (2, None, False)
