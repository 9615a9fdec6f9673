"""Keys: the footer shows those that do something, and the configuration may change them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from rich.cells import cell_len

from airbook.application.airbook import Airbook
from airbook.application.errors import SettingError
from airbook.application.stores import SQLiteStore
from airbook.application.text.labels import Labels
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import TITLES, Dashboard
from airbook.tui.session.keys import KEYS, checked
from airbook.tui.session.look import Look
from airbook.tui.widgets.footer import KeyLine
from tests.cli.play import Home
from tests.tui.screen import dashboard, my_page, played, shell_of


@played
async def test_a_changed_key_works_and_the_footer_and_help_show_it(five_seats: Home):
    keys = {"page_3": "f3", "cancel": "delete", "quit": "ctrl+d", "play": "w"}
    async with dashboard(five_seats, keys=keys, size=(100, 24)) as one:
        await one.press("3")
        assert one.page.id == "overview"
        await one.press("f3")
        await one.settle()
        assert one.page.id == "reservations"
        await one.shows("Cancel", "Ctrl+d Quit")
        await one.press("j", "x", "q")
        assert one.app.screen is one.screen
        await one.press("delete")
        await one.shows("Cancel reservation 5?")
        await one.press("n", "t", "home", "w")
        assert one.screen.slider.playing
        await one.press("question_mark")
        await one.shows("Ctrl+d")
        await one.press("escape", "ctrl+d")
        await one.until(lambda: not one.app.is_running)


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
def test_keys_that_cannot_be(home: Home, changed: Mapping[str, str], sentence: str):
    with pytest.raises(SettingError) as refused:
        checked(changed)
    assert refused.value.sentence.format(**refused.value.values) == sentence
    look = Look(Labels("en"), keys=changed)
    with pytest.raises(SettingError):
        Screens(
            Dashboard(lambda: Airbook(SQLiteStore(home.store)), look),
            look,
            shell_of(home, look.label),
        )


def test_keys_that_can_be():
    for changed in ({}, {"quit": "f10,ctrl+x"}, {"add": "plus"}, {"add": "z", "undo": "a"}):
        assert checked(changed) == changed


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_the_footer_drops_what_does_not_fit_but_never_help_and_quit(
    five_seats: Home, language: str
):
    async with dashboard(five_seats, language) as one:
        label = one.screen.label
        last = f"? {label('Help')} q {label('Quit')}"
        line = ""
        for width in (200, 100, 80, 60, 40, 30):
            await one.pilot.resize_terminal(width, 24)
            for page in (3, 5):
                await one.turn(page)
                await one.until(lambda: last in one.lines[-1])
                line = one.lines[-1]
                assert cell_len(line) <= width
                assert line.endswith(last)
        assert line.split()[:2] == ["Enter", label("Explain")] or line.strip() == last


@played
async def test_the_footer_shows_what_can_be_done_where_one_is(five_seats: Home):
    async with dashboard(five_seats, size=(160, 24)) as one:
        shown = {
            1: "Explain",
            2: "e Seats",
            3: "x Cancel",
            4: "Explain",
            5: "R Try again D Drop",
        }
        for page, keys in shown.items():
            await one.turn(page)
            await one.until(lambda keys=keys: keys in one.lines[-1])  # type: ignore[misc]
        await one.press("t")
        await one.until(lambda: "Play" in one.lines[-1])
        assert not {"Drop", "Add", "Undo"} & set(one.lines[-1].split())
        await one.turn(3)
        await one.press("b")
        await one.until(lambda: "x Cancel" in one.lines[-1])


@played
async def test_a_key_in_the_footer_is_clicked(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        await one.press("j")
        await one.until(lambda: "x Cancel" in one.lines[-1])
        await one.pilot.click(offset=(one.lines[-1].index("x Cancel"), 23))
        await one.shows("Cancel reservation 5?")


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_the_key_the_mouse_is_at_stands_out(five_seats: Home, language: str):
    async with dashboard(five_seats, language) as one:
        await one.turn(3)
        line, label = one.screen.query_one(KeyLine), one.screen.label
        text = f"x {label('Cancel')}"
        await one.until(lambda: text in one.lines[-1])
        left = 1 + cell_len(str(line.render()).partition(text)[0])
        for at, key in ((left, "x"), (left + cell_len(text) - 1, "x"), (left - 1, None)):
            await one.pilot.hover(KeyLine, offset=(at, 0))
            await one.until(lambda key=key: line.hovered == key)  # type: ignore[misc]
        await one.pilot.hover(KeyLine, offset=(left, 0))
        await one.until(lambda: line.hovered == "x")
        await one.pilot.hover(one.page.listing)
        await one.until(lambda: line.hovered is None)


@played
async def test_pages_are_turned_by_arrows_letters_numbers_and_clicks(five_seats: Home):
    async with dashboard(five_seats) as one:
        seen = list[str | None]()
        for key in ("right", "l", "right", "right", "l", "left", "h", "4", "1"):
            await one.press(key)
            seen.append(one.page.id)
        assert seen == [
            *("airplanes", "reservations", "events", "system", "overview"),
            *("system", "events", "events", "overview"),
        ]
        for page in reversed(TITLES):
            await one.pilot.click(f"#tab-{page}")
            await one.until(lambda page=page: one.page.id == page)  # type: ignore[misc]
            assert one.page.listing.has_focus


@played
async def test_tab_goes_between_panes_and_escape_back(five_seats: Home):
    async with dashboard(five_seats, size=(160, 48)) as one:
        page = await one.turn(3)
        assert "Esc" not in one.lines[-1]
        await one.press("enter", "tab")
        await one.until(lambda: "Esc Back" in one.lines[-1])
        places = [one.screen.focused]
        await one.press("tab")
        places.append(one.screen.focused)
        assert places == [page.detail, page.listing]
        await one.press("shift+tab", "escape")
        assert (one.screen.focused, page.detail.display) == (page.listing, False)


@played
async def test_numbers_and_json_are_copied(five_seats: Home):
    async with dashboard(five_seats) as one:
        copied = list[str]()
        for page in (2, 3, 4):
            await one.turn(page)
            await one.press("y")
            copied.append(one.app.clipboard)
            await one.is_told(f"Copied: {one.app.clipboard}")
        assert copied == ["1", "6", "18"]
        await one.turn(3)
        await one.press("Y")
        await one.until(lambda: one.app.clipboard.startswith("{"))
        assert json.loads(one.app.clipboard) == five_seats.json("show", "6")
        await one.turn(5)
        await one.press("y", "Y")
        assert json.loads(one.app.clipboard)["id"] == 6


@pytest.mark.parametrize(("key", "code"), [("q", None), ("ctrl+q", None), ("ctrl+c", 130)])
@played
async def test_one_leaves_by_a_key(five_seats: Home, key: str, code: int | None):
    async with my_page(five_seats, "kim") as one:
        await one.press(key)
        await one.until(lambda: not one.app.is_running)
        assert one.app.return_value == code
