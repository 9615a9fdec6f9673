"""The palette lists every action and command; the help lists every key."""

from __future__ import annotations

from textual.command import CommandPalette
from textual.widgets import OptionList, Static

from airbook.application.text.labels import Labels
from airbook.cli.framework.command_catalog import list_commands
from airbook.tui.screens.palette import MOVES
from airbook.tui.session.keys import EVERYWHERE, KEYS
from airbook.tui.widgets.command_output import CommandOutput
from airbook.tui.widgets.help import Help
from airbook.tui.widgets.prompt import Prompt
from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import WIDE, dashboard, my_page, played
from tests.tui.stores import park

OF_A_PAGE = {2: {"seats", "close"}, 3: {"cancel"}, 5: {"retry", "drop"}}
NOT_NOW = {"live", "back", "undo"}  # the screen is in the present, and nothing was done yet
OF_ALL = set(EVERYWHERE) - MOVES - NOT_NOW - {"seats", "close", "cancel", "retry", "drop"}


def descriptions(*names: str) -> set[str]:
    return {KEYS[name].description for name in names}


async def choose(player: Player, text: str) -> None:  # type: ignore[type-arg]
    """Find an entry of the palette, and choose the first match."""
    await player.press("ctrl+p")
    await player.until(lambda: isinstance(player.app.screen, CommandPalette))
    palette = player.app.screen
    await player.type(text)
    found = palette.query_one(OptionList)
    await player.until(lambda: any(text in line for line in player.text(found)))
    await player.press("down", "enter")
    await player.until(lambda: player.app.screen is not palette)


@played
async def test_every_action_and_every_command_is_listed(five_seats: Home):
    commands = {spec.name for spec in list_commands(Labels("en"))}
    themes = {"theme dark", "theme light", "theme contrast"}
    park(five_seats, (3, 4, "it cannot be settled"))
    async with dashboard(five_seats) as player:
        for page in range(1, 6):
            await player.turn(page)
            await player.press("end")  # the newest reservation is rejected
            await player.press("ctrl+p")
            expected = descriptions(*OF_ALL, *OF_A_PAGE.get(page, ()))
            assert set(player.offers) - commands - themes == expected
            assert set(player.offers) >= commands | themes
            await player.press("escape")


@played
async def test_the_palette_is_in_the_chosen_language(five_seats: Home):
    async with dashboard(five_seats, "ko") as player:
        await player.press("ctrl+p")
        label = player.screen.label
        assert {label(KEYS[name].description) for name in OF_ALL} <= set(player.offers)


@played
async def test_a_chosen_action_is_done(five_seats: Home):
    async with dashboard(five_seats) as player:
        await choose(player, "Pause")
        await player.until(lambda: player.screen.paused)
        await choose(player, "theme light")
        await player.until(lambda: player.app.theme == "light")
        await choose(player, "Copy the number")
        await player.gets_notice("Copied: 1")


@played
async def test_a_chosen_command_runs_or_opens_the_prompt_for_its_arguments(five_seats: Home):
    async with dashboard(five_seats) as player:
        await choose(player, "store check")
        await player.until(lambda: isinstance(player.app.screen, CommandOutput))
        await player.press("escape")
        await choose(player, "admin set-seats")
        await player.until(lambda: isinstance(player.app.screen, Prompt))
        assert isinstance(player.app.screen, Prompt)
        assert player.app.screen.input.value == "admin set-seats "


@played
async def test_my_page_offers_no_airplanes_to_add(five_seats: Home):
    async with my_page(five_seats, "kim") as player:
        await player.press("ctrl+p")
        assert descriptions("reserve", "cancel") <= set(player.offers)
        assert "Add" not in player.offers


def helped(player: Player) -> list[str]:  # type: ignore[type-arg]
    """Return the lines of the help."""
    assert isinstance(player.app.screen, Help)
    return str(player.app.screen.query_one("VerticalScroll Static", Static).content).splitlines()


@played
async def test_help_lists_every_key_of_the_pane_in_focus(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        await player.turn(3)
        await player.press("j", "question_mark")
        lines = helped(player)
        for expected in (
            "x              Cancel",
            "↓  j           Down",
            "?  F1          Help",
            "PgDn  Ctrl+f   A screen down",
        ):
            assert any(line.split() == expected.split() for line in lines), (expected, lines)
        assert not any("Play" in line for line in lines)
        await player.press("escape", "t", "f1")
        lines = helped(player)
        assert any(line.split() == ["Space", "Play"] for line in lines)
        assert not any(line.endswith(("  Cancel", "  Add", "  Undo")) for line in lines)


@played
async def test_help_explains_the_filter_of_the_list(five_seats: Home):
    fields = "reservation, plane, name, customer, status, seat, reason, after, before"
    korean = "예약, 항공기, 이름, 고객, 상태, 좌석, 이유, 이후, 이전"
    expected = {
        "en": [
            ["kim", "Filter: what any column shows; all words must match"],
            ['"KE 907"', "Filter: quotation marks keep words together"],
            ["status:rejected", f"Filter: what one field holds. Fields: {fields}"],
            ["after: before:", "Filter: after or before a position, a time, or how long ago"],
        ],
        "ko": [
            ["이서연", "필터: 어느 열에서든 찾습니다. 여러 단어는 모두 일치해야 합니다"],
            ['"KE 907"', "필터: 띄어쓰기가 있으면 따옴표로 묶습니다"],
            [
                "상태:거절",
                f"필터: 한 필드에서만 찾습니다. 필드: {korean}",
            ],
            ["이후: 이전:", "필터: 위치나 시각의 이후 또는 이전(예: -1h)"],
        ],
    }
    for language, lines in expected.items():
        async with dashboard(five_seats, language, size=WIDE) as player:
            await player.turn(3)
            await player.press("question_mark")
            shown = [" ".join(line.split()) for line in helped(player)]
            assert shown[-4:] == [" ".join(line) for line in lines]


@played
async def test_help_is_searched(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        await player.turn(3)
        await player.press("question_mark")
        await player.type("COPY")
        await player.until(lambda: len(helped(player)) == 2)
        assert [line.split() for line in helped(player)] == [
            ["y", "Copy", "the", "number"],
            ["Y", "Copy", "as", "JSON"],
        ]
        await player.type("x")
        await player.until(lambda: helped(player) == ["Nothing matches."])
        await player.press("escape")
        await player.until(lambda: player.app.screen is player.screen)


@played
async def test_help_speaks_korean(five_seats: Home):
    async with dashboard(five_seats, "ko", size=WIDE) as player:
        await player.press("question_mark")
        label = player.screen.label
        await player.shows(label("Keys"), label("Copy as JSON"))
