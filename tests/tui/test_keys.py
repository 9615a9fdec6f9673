"""Keys: the footer shows the active ones, and the configuration can change them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from rich.cells import cell_len

from airbook.application.errors import SettingError
from airbook.application.text.labels import Labels
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import TITLES, Dashboard
from airbook.tui.session.keys import KEYS, checked_keys
from airbook.tui.session.look import Look
from airbook.tui.widgets.footer import KeyLine
from tests.support.home import Home
from tests.tui.screen import dashboard, my_page, played, shell_of
from tests.tui.stores import open_airbook, park


@played
async def test_a_changed_key_works_and_the_footer_and_help_show_it(five_seats: Home):
    keys = {"page_3": "f3", "cancel": "delete", "quit": "ctrl+d", "play": "w"}
    async with dashboard(five_seats, keys=keys, size=(100, 24)) as player:
        await player.press("3")
        assert player.page.id == "overview"
        await player.press("f3")
        await player.settle()
        assert player.page.id == "reservations"
        await player.press("j")
        await player.shows("Cancel", "Ctrl+d Quit")
        await player.press("x", "q")
        await player.settle()
        assert (player.app.screen, player.app.is_running) == (player.screen, True)
        await player.press("delete")
        await player.shows("Cancel this reservation? 5 · jung")
        await player.press("n", "t", "home", "w")
        assert player.screen.slider.playing
        await player.press("question_mark")
        await player.shows("Ctrl+d")
        await player.press("escape", "ctrl+d")
        await player.until(lambda: not player.app.is_running)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fly": "f"}, f"There is no action fly to give a key to; there are {', '.join(KEYS)}."),
        ({"quit": "nonsense"}, "nonsense is no key (keys.quit)."),
        ({"quit": ""}, " is no key (keys.quit)."),
        ({"quit": "ctrl+"}, "ctrl+ is no key (keys.quit)."),
        ({"quit": "q,"}, " is no key (keys.quit)."),
        ({"quit": "hyper+q"}, "hyper+q is no key (keys.quit)."),
        ({"quit": "a"}, "The key a stands for both add and quit."),
        ({"quit": "?"}, "The key ? stands for both help and quit."),
        ({"play": "h"}, "The key h stands for both earlier and play."),
    ],
)
def test_invalid_keys_are_refused(home: Home, changed: Mapping[str, str], sentence: str):
    with pytest.raises(SettingError) as refused:
        checked_keys(changed)
    assert refused.value.sentence.format(**refused.value.values) == sentence
    look = Look(Labels("en"), keys=changed)
    with pytest.raises(SettingError):
        Screens(
            Dashboard(lambda: open_airbook(home), look),
            look,
            shell_of(home, look.label),
        )


def test_valid_keys_are_accepted():
    for changed in ({}, {"quit": "f10,ctrl+x"}, {"add": "plus"}, {"add": "z", "undo": "a"}):
        assert checked_keys(changed) == changed


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_the_footer_drops_keys_that_do_not_fit_but_never_help_and_quit(
    five_seats: Home, language: str
):
    async with dashboard(five_seats, language) as player:
        label = player.screen.label
        last = f"? {label('Help')} q {label('Quit')}"
        line = ""
        for width in (200, 100, 80, 60, 40, 30):
            await player.pilot.resize_terminal(width, 24)
            for page in (3, 2):
                await player.turn(page)
                await player.until(lambda: last in player.lines[-1])
                line = player.lines[-1]
                assert cell_len(line) <= width
                assert line.endswith(last)
        assert line.split()[:2] == ["Enter", label("Explain")] or line.strip() == last


@played
async def test_the_footer_shows_the_keys_of_the_focused_page(five_seats: Home):
    park(five_seats, (3, 4, "it cannot be settled"))
    async with dashboard(five_seats, size=(160, 24)) as player:
        shown = {
            1: "Explain",
            2: "e Seats",
            3: "x Cancel",
            4: "Explain",
            5: "R Try again D Drop",
        }
        for page, keys in shown.items():
            await player.turn(page)
            await player.press("end")  # the newest reservation is rejected, and cannot be cancelled
            await player.until(lambda keys=keys: keys in player.lines[-1])  # type: ignore[misc]
        await player.press("t")
        await player.until(lambda: "Play" in player.lines[-1])
        assert not {"Drop", "Add", "Undo"} & set(player.lines[-1].split())
        await player.turn(3)
        await player.press("b")
        await player.until(lambda: "x Cancel" in player.lines[-1])


@played
async def test_a_key_in_the_footer_is_clicked(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        await player.press("j")
        await player.until(lambda: "x Cancel" in player.lines[-1])
        await player.pilot.click(offset=(player.lines[-1].index("x Cancel"), 23))
        await player.shows("Cancel this reservation? 5 · jung")


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_the_key_under_the_mouse_is_highlighted(five_seats: Home, language: str):
    async with dashboard(five_seats, language) as player:
        await player.turn(3)
        line, label = player.screen.query_one(KeyLine), player.screen.label
        await player.press("j")
        text = f"x {label('Cancel')}"
        await player.until(lambda: text in player.lines[-1])
        left = 1 + cell_len(str(line.render()).partition(text)[0])
        for at, key in ((left, "x"), (left + cell_len(text) - 1, "x"), (left - 1, None)):
            await player.pilot.hover(KeyLine, offset=(at, 0))
            await player.until(lambda key=key: line.hovered == key)  # type: ignore[misc]
        await player.pilot.hover(KeyLine, offset=(left, 0))
        await player.until(lambda: line.hovered == "x")
        await player.pilot.hover(player.page.row_list)
        await player.until(lambda: line.hovered is None)


@played
async def test_pages_are_turned_by_arrows_letters_numbers_and_clicks(five_seats: Home):
    async with dashboard(five_seats) as player:
        visited = list[str | None]()
        for key in ("right", "l", "right", "right", "l", "left", "h", "4", "1"):
            await player.press(key)
            visited.append(player.page.id)
        assert visited == [
            *("airplanes", "reservations", "events", "system", "overview"),
            *("system", "events", "events", "overview"),
        ]
        for page in reversed(TITLES):
            await player.pilot.click(f"#tab-{page}")
            await player.until(lambda page=page: player.page.id == page)  # type: ignore[misc]
            assert player.page.row_list.has_focus


@played
async def test_tab_goes_between_panes_and_escape_back(five_seats: Home):
    async with dashboard(five_seats, size=(160, 48)) as player:
        page = await player.turn(3)
        assert "Esc" not in player.lines[-1]
        await player.press("enter", "tab")
        await player.until(lambda: "Esc Back" in player.lines[-1])
        places = [player.screen.focused]
        await player.press("tab")
        places.append(player.screen.focused)
        assert places == [page.detail, page.row_list]
        await player.press("shift+tab", "escape")
        assert (player.screen.focused, page.detail.display) == (page.row_list, False)


@played
async def test_numbers_and_json_are_copied(five_seats: Home):
    async with dashboard(five_seats) as player:
        copied = list[str]()
        for page in (2, 3, 4):
            await player.turn(page)
            await player.press("y")
            copied.append(player.app.clipboard)
            await player.gets_notice(f"Copied: {player.app.clipboard}")
        assert copied == ["1", "6", "18"]
        await player.turn(3)
        await player.press("Y")
        await player.until(lambda: player.app.clipboard.startswith("{"))
        assert json.loads(player.app.clipboard) == five_seats.json("show", "6")
        await player.turn(5)
        await player.press("y", "Y")
        assert json.loads(player.app.clipboard)["id"] == 6


@pytest.mark.parametrize(("key", "code"), [("q", None), ("ctrl+q", None), ("ctrl+c", 130)])
@played
async def test_a_key_ends_the_program(five_seats: Home, key: str, code: int | None):
    async with my_page(five_seats, "kim") as player:
        await player.press(key)
        await player.until(lambda: not player.app.is_running)
        assert player.app.return_value == code
