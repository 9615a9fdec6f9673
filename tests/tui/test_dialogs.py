"""Dialogs: invalid values are explained, Tab goes through all fields, Escape gives no result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from textual.widgets import Input

from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import dashboard, played

LONG = "x" * 81
Wrong = Sequence[tuple[Mapping[str, str], str, str]]


async def fill(player: Player, **values: str) -> None:  # type: ignore[type-arg]
    """Fill in the fields of the form, and submit it."""
    await player.until(lambda: player.app.screen.query(Input))
    for name, value in values.items():
        player.app.screen.query_one(f"#{name}", Input).value = value
    await player.press("enter")


WRONG_AIRPLANES: Wrong = (
    ({"seats": ""}, "'' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "five"}, "'five' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "５"}, "'５' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "-1"}, "'-1' is not a number of 1 to 9 digits.", "seats"),
    ({"seats": "0"}, "An airplane has 1 to 1000 seats.", "seats"),
    ({"seats": "1001"}, "An airplane has 1 to 1000 seats.", "seats"),
    ({"seats": "5", "name": LONG}, "A name has 1 to 80 characters.", "name"),
    ({"name": "\u200b"}, "A name needs a character that can be seen.", "name"),
    ({"name": "\u202ex"}, r"'\u202ex' has characters that cannot be shown.", "name"),
)
WRONG_RESERVATIONS: Wrong = (
    ({"airplane": "0"}, "Numbers begin at 1.", "airplane"),
    ({"airplane": "1 2"}, "'1 2' is not a number of 1 to 9 digits.", "airplane"),
    ({"airplane": "1", "customer": " "}, "A name has 1 to 80 characters.", "customer"),
)


@pytest.mark.parametrize(("key", "wrong"), [("a", WRONG_AIRPLANES), ("n", WRONG_RESERVATIONS)])
@played
async def test_an_invalid_value_is_explained_and_its_field_focused(
    empty: Home, key: str, wrong: Wrong
):
    async with dashboard(empty) as player:
        await player.press(key)
        for values, sentence, focused in wrong:
            await fill(player, **values)
            assert player.complaint == f"{focused.title()}: {sentence}"
            assert player.app.screen.focused == player.app.screen.query_one(f"#{focused}")
        await player.press("escape")
        await player.settle()
        assert (player.app.screen, player.notices, player.page.row) == (player.screen, [], None)


@played
async def test_an_invalid_value_is_explained_in_the_chosen_language(empty: Home):
    async with dashboard(empty, "ko") as player:
        await player.press("a")
        await fill(player, seats="0")
        label = player.screen.label
        sentence = label("An airplane has 1 to {most} seats.", {"most": 1_000})
        await player.until(lambda: player.complaint == f"{label('Seats')}: {sentence}")
        assert not sentence.isascii()


@played
async def test_tab_goes_through_all_fields_and_back(empty: Home):
    async with dashboard(empty) as player:
        await player.press("a")
        await player.until(lambda: player.app.screen.focused)
        focused = list[str | None]()
        keys = ["tab", "tab", "tab", "tab", "shift+tab", "shift+tab", "up", "up", "down"]
        for key in keys:
            await player.press(key)
            assert player.app.screen.focused is not None
            focused.append(player.app.screen.focused.id)
        assert focused[:4] == ["name", "main", "back", "seats"]
        assert focused[4:] == ["back", "main", "name", "seats", "name"]


@played
async def test_text_typed_right_after_tab_belongs_to_the_next_field(empty: Home):
    async with dashboard(empty) as player:
        await player.press("a")
        await player.until(lambda: player.app.screen.focused)
        await player.hurry("5", "tab", *"HL7", "enter")
        await player.gets_notice("Airplane 1 added.")
        await player.until(lambda: player.page.row and player.page.row.name == "HL7")
        assert player.page.row.seats == 5


@pytest.mark.parametrize(("button", "added"), [("#main", True), ("#back", False)])
@played
async def test_buttons_can_be_clicked(empty: Home, button: str, added: bool):
    async with dashboard(empty) as player:
        await player.press("a", "5")
        await player.pilot.click(button)
        await player.until(lambda: player.app.screen is player.screen)
        await player.press("a", "7", "enter")  # the commands are given one after another
        await player.gets_notice(f"Airplane {1 + added} added.")
    assert [plane["seats"] for plane in empty.json("planes")] == [5] * added + [7]


@played
async def test_the_buttons_of_a_question_are_focused_in_turn(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("c")
        await player.shows("Close airplane 1?")
        focused = list[str | None]()
        for key in ("left", "h", "l", "right", "tab", "tab"):
            await player.press(key)
            assert player.app.screen.focused is not None
            focused.append(player.app.screen.focused.id)
        assert focused == ["main", "no", "main", "no", "main", "no"]
        await player.press("a", "q", "escape")
        await player.until(lambda: player.app.screen is player.screen)


@played
async def test_keys_of_the_screen_do_nothing_while_a_dialog_is_open(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await player.press("c")
        await player.shows("Close airplane 1?")
        await player.hurry("a", "u", "t", "3", "p", "colon", "question_mark")
        await player.settle()
        assert (len(player.app.screen_stack), player.screen.as_of, player.screen.paused) == (
            2,
            None,
            False,
        )
        await player.press("n")
        await player.settle()
        assert (player.app.screen, player.page.id, player.notices) == (
            player.screen,
            "airplanes",
            [],
        )
