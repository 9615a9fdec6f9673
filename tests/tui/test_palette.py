"""The palette and help: everything that can be done is found by its name."""

from __future__ import annotations

from textual.command import CommandPalette
from textual.widgets import OptionList, Static

from airbook.application.text.labels import Labels
from airbook.cli.framework.command_catalog import list_commands
from airbook.tui.screens.palette import MOVES
from airbook.tui.session.keys import EVERYWHERE, KEYS
from airbook.tui.widgets.help import Help
from airbook.tui.widgets.prompt import Output, Prompt
from tests.cli.play import Home
from tests.tui.screen import WIDE, Player, dashboard, my_page, played

OF_A_PAGE = {2: {"seats", "close"}, 3: {"cancel"}, 5: {"retry", "drop"}}
OF_ALL = set(EVERYWHERE) - MOVES - {"seats", "close", "cancel", "retry", "drop", "live", "back"}


def descriptions(*names: str) -> set[str]:
    return {KEYS[name].description for name in names}


async def choose(one: Player, text: str) -> None:  # type: ignore[type-arg]
    """Find something in the palette, and take the first there is."""
    await one.press("ctrl+p")
    await one.until(lambda: isinstance(one.app.screen, CommandPalette))
    palette = one.app.screen
    await one.type(text)
    found = palette.query_one(OptionList)
    await one.until(lambda: any(text in line for line in one.text(found)))
    await one.press("down", "enter")
    await one.until(lambda: one.app.screen is not palette)


@played
async def test_every_action_and_every_command_is_listed(five_seats: Home):
    commands = {verb.name for verb in list_commands(Labels("en"))}
    themes = {"theme dark", "theme light", "theme contrast"}
    async with dashboard(five_seats) as one:
        for page in range(1, 6):
            await one.turn(page)
            await one.press("ctrl+p")
            wanted = descriptions(*OF_ALL, *OF_A_PAGE.get(page, ()))
            assert set(one.offers) - commands - themes == wanted
            assert set(one.offers) >= commands | themes
            await one.press("escape")


@played
async def test_it_is_listed_in_the_language_chosen(five_seats: Home):
    async with dashboard(five_seats, "ko") as one:
        await one.press("ctrl+p")
        label = one.screen.label
        assert {label(KEYS[name].description) for name in OF_ALL} <= set(one.offers)


@played
async def test_an_action_that_is_chosen_is_done(five_seats: Home):
    async with dashboard(five_seats) as one:
        await choose(one, "Pause")
        await one.until(lambda: one.screen.paused)
        await choose(one, "theme light")
        await one.until(lambda: one.app.theme == "light")
        await choose(one, "Undo")
        await one.is_told("No command given here by a key is left to undo.")


@played
async def test_a_command_that_is_chosen_is_run_and_asked_for_what_it_needs(five_seats: Home):
    async with dashboard(five_seats) as one:
        await choose(one, "store check")
        await one.until(lambda: isinstance(one.app.screen, Output))
        await one.press("escape")
        await choose(one, "admin set-seats")
        await one.until(lambda: isinstance(one.app.screen, Prompt))
        assert isinstance(one.app.screen, Prompt)
        assert one.app.screen.input.value == "admin set-seats "


@played
async def test_my_page_offers_no_airplanes_to_add(five_seats: Home):
    async with my_page(five_seats, "kim") as one:
        await one.press("ctrl+p")
        assert descriptions("reserve", "cancel", "undo") <= set(one.offers)
        assert "Add" not in one.offers


def helped(one: Player) -> list[str]:  # type: ignore[type-arg]
    """Give the lines that help lists."""
    assert isinstance(one.app.screen, Help)
    return str(one.app.screen.query_one("VerticalScroll Static", Static).content).splitlines()


@played
async def test_help_lists_every_key_of_the_pane_in_focus(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        await one.turn(3)
        await one.press("question_mark")
        lines = helped(one)
        for wanted in (
            "x              Cancel",
            "Down  j        Down",
            "?  F1          Help",
            "PgDn  Ctrl+f   A screen down",
        ):
            assert any(line.split() == wanted.split() for line in lines), (wanted, lines)
        assert not any("Play" in line for line in lines)
        await one.press("escape", "t", "f1")
        lines = helped(one)
        assert any(line.split() == ["Space", "Play"] for line in lines)
        assert not any(line.endswith(("  Cancel", "  Add", "  Undo")) for line in lines)


@played
async def test_help_is_searched(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        await one.turn(3)
        await one.press("question_mark")
        await one.type("COPY")
        await one.until(lambda: len(helped(one)) == 2)
        assert [line.split() for line in helped(one)] == [
            ["y", "Copy", "the", "number"],
            ["Y", "Copy", "as", "JSON"],
        ]
        await one.type("x")
        await one.until(lambda: helped(one) == ["Nothing matches."])
        await one.press("escape")
        await one.until(lambda: one.app.screen is one.screen)


@played
async def test_help_speaks_korean(five_seats: Home):
    async with dashboard(five_seats, "ko", size=WIDE) as one:
        await one.press("question_mark")
        label = one.screen.label
        await one.shows(label("Keys"), label("Copy as JSON"))
