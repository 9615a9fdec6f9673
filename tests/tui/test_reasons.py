"""Keys: a key that is offered does something visible, and any other key says why it cannot."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from textual.binding import ActiveBinding
from textual.keys import format_key
from textual.strip import Strip

from airbook.tui.session.keys import KEYS
from airbook.tui.widgets.footer import KeyLine
from airbook.tui.widgets.slider import SPEEDS
from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played
from tests.tui.stores import park

# At the edge of a list, and on the page that is shown already, nothing needs to be said.
MOVES = {"down", "up", "page_down", "page_up", "first", "last"}
SILENT = MOVES | {"quit", "interrupt"}
PARKED = (3, 4, "it cannot be settled"), (5, 6, "nor can this")


class Situation(NamedTuple):
    """How a page is looked at: the keys that lead there, and the settings of the screen."""

    keys: Sequence[str] = ()
    has_rows: bool = True
    has_store: bool = True
    read_only: bool = False


SITUATIONS: Mapping[str, Situation] = {
    "rows": Situation(),
    "no rows": Situation(has_rows=False),
    "no store": Situation(has_rows=False, has_store=False),
    "read-only": Situation(read_only=True),
    "past": Situation(["t", "home"]),
    "filter": Situation(["slash", "1"]),
    "detail of another row": Situation(["end", "enter", "tab"]),
    "paused": Situation(["p"]),
}


@pytest.fixture
def of_situation(home: Home, name: str) -> Home:
    """Return a home with the store that a situation needs."""
    situation = SITUATIONS[name]
    if situation.has_rows:
        home.record_five_seats()
        park(home, *PARKED)
    elif situation.has_store:
        home.kept.create()
    return home


def seen(player: Player[Any]) -> list[Strip]:
    """Return what is seen, with its colors."""
    return player.app.screen._compositor.render_strips()


def bindings(player: Player[Any], page: int | None) -> Mapping[str, ActiveBinding]:
    """Return one key for each action of a page; of my page, also those of the whole screen."""
    found, screen = dict[str, ActiveBinding](), player.screen
    of_screen = {player.app, screen, screen.slider}
    for active in screen.active_bindings.values():
        name = active.binding.id
        if name in KEYS and name not in SILENT and (page is None or active.node not in of_screen):
            found.setdefault(name, active)
    return found


def is_typed(player: Player[Any], key: str) -> bool:
    """Return whether a key types a character into the focused widget."""
    character, focused = format_key(key), player.screen.focused
    return len(character) == 1 and focused and focused.check_consume_key(character, character)


def place(player: Player[Any]) -> object:
    """Return what a key may have changed apart from notices."""
    screen, page = player.screen, player.page
    return (
        *(player.app.screen, screen.focused, page, page.detail.display, page.filter_line.text),
        *(screen.as_of, screen.paused, screen.slider.playing, screen.slider.speed),
    )


async def arrive(player: Player[Any], page: int | None, situation: Situation) -> None:
    """Leave everything that a key has opened, and arrive in a situation again."""
    screen, slider = player.screen, player.screen.slider
    while len(player.app.screen_stack) > 1:
        await player.press("escape")
    slider.playing, slider.speed, screen.paused = False, SPEEDS[0], False
    if screen.as_of is not None:
        screen.action_live()
    if page is not None:
        await player.press(str(page))
    player.page.filter_line.clear()
    if player.page.detail.is_attached:
        player.page.open_detail(shown=False)
    player.page.row_list.focus()
    await player.settle()
    for key in ("home", *situation.keys):
        await player.press(key)
        await player.settle()


async def explains_every_key(player: Player[Any], page: int | None, situation: Situation) -> None:
    """Press every key of a page, and check that each of them is answered."""
    await arrive(player, page, situation)
    for action in bindings(player, page):
        active = bindings(player, page)[action]  # another row may rule the action out
        key, before = active.binding.key, place(player)
        if is_typed(player, key):
            continue
        player.screen.notices.notices = []
        player.screen.notices._draw()
        await player.rest()
        hint = f"{player.app.get_key_display(active.binding)} {KEYS[action].description}"
        offered = f" {hint} " in f" {player.line(player.screen.query_one(KeyLine))} "
        picture = seen(player)
        await player.press(key)
        if active.enabled:
            await player.until(lambda picture=picture: seen(player) != picture)  # type: ignore[misc]
        else:
            await player.until(lambda: player.notices)
            assert (offered, place(player)) == (False, before), (page, action)
        if place(player) != before:
            await arrive(player, page, situation)


@pytest.mark.parametrize("name", SITUATIONS)
@played
async def test_every_key_of_the_dashboard_is_answered(of_situation: Home, name: str):
    situation = SITUATIONS[name]
    async with dashboard(of_situation, read_only=situation.read_only, size=(120, 30)) as player:
        for page in range(1, 6):
            await explains_every_key(player, page, situation)


@pytest.mark.parametrize("name", SITUATIONS)
@played
async def test_every_key_of_my_page_is_answered(of_situation: Home, name: str):
    situation = SITUATIONS[name]
    read_only = situation.read_only
    async with my_page(of_situation, "kim", read_only=read_only, size=(120, 30)) as player:
        await explains_every_key(player, None, situation)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This is the past: press f9 to come back to now."),
        ("ko", "과거 시점입니다. 현재로 돌아오려면: f9"),
    ],
)
@played
async def test_the_past_says_how_to_come_back(five_seats: Home, language: str, sentence: str):
    async with dashboard(five_seats, language, keys={"live": "f9"}) as player:
        await player.turn(3)
        await player.press("end", "t", "left")
        for key in ("n", "x", "a", "u", "p"):
            await player.press(key)
            await player.gets_notice(sentence)
            assert player.app.screen is player.screen
        await player.press("f9")
        await player.until(lambda: player.screen.as_of is None)
        await player.press("t", "shift+tab", "enter")
        await player.until(lambda: player.page.detail.display)
        await player.press("escape")
        assert (player.page.detail.display, player.screen.as_of) == (False, 18)
        await player.press("escape")  # nothing else is open
        await player.until(lambda: player.screen.as_of is None)


@played
async def test_a_row_says_what_rules_a_command_out(five_seats: Home):
    park(five_seats, *PARKED)
    async with dashboard(five_seats) as player:
        await player.turn(3)
        await player.press("x")
        await player.gets_notice("Reservation 6 is rejected: there is nothing to cancel.")
        await player.press("u")
        await player.gets_notice("No command given here by a key is left to undo.")
        await player.press("j", "x", "y")
        await player.gets_notice("Reservation 5 is cancelled.")
        await player.until(lambda: "u Undo" in player.lines[-1])
        await player.until(lambda: player.page.row.status == "cancelled")
        await player.press("x")
        await player.gets_notice("Reservation 5 is cancelled already.")
        await player.turn(5)
        await player.press("R")
        await player.until(lambda: player.page.row.state == "retrying")
        await player.until(lambda: "R Try again" not in player.lines[-1])
        await player.press("R")
        await player.gets_notice("Reservation 3 is tried again already.")
        assert player.app.screen is player.screen
