"""Choosing an airplane: what is typed narrows the list, and the button says what Enter does."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

import pytest
from textual.widgets import Button, Input

from airbook.application.commands import Order
from airbook.application.text.labels import Labels
from airbook.domain.airplane import CreateAirplane
from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played

NAMES = ("KE 101", "KE 907", "대한 하늘호", None, "[b]대전[/b]", "Jeju 4")


@pytest.fixture
def fleet(home: Home) -> Home:
    """Return a home with an airplane of each name, of 2 seats."""
    with home.airbook() as airbook:
        airbook.execute_all([Order(CreateAirplane(2, name)) for name in NAMES])
    return home


def button(player: Player[Any]) -> str:
    """Return the text of the main button."""
    return str(player.app.screen.query_one("#main", Button).label)


def listed(player: Player[Any]) -> list[int]:
    """Return the numbers of the airplanes that are listed."""
    lines = [line.split() for line in player.lines if "seats left" in line or "잔여" in line]
    return [int(words[0]) for words in lines if words[0].isdecimal()]


@played
async def test_enter_takes_the_airplane_that_is_shown_and_not_the_first_one(fleet: Home):
    async with my_page(fleet, "kim") as player:
        await player.press("n")
        await player.shows("Choose an airplane")
        assert button(player) == "Request a seat of airplane 1 · KE 101 for kim (Enter)"
        await player.type("907")
        await player.until(lambda: listed(player) == [2])
        assert button(player) == "Request a seat of airplane 2 · KE 907 for kim (Enter)"
        await player.press("enter")
        await player.gets_notice("Reservation 1 is received.")
    assert [one["airplane"] for one in fleet.json("my-page", "--all")] == [2]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4", [4, 6]),  # airplane 4 has no name; the other one has the number in its name
        ("6", [6]),
        ("ke", [1, 2]),
        ("7 KE", [2]),
        ("대한", [3]),
        (normalize("NFD", "대한"), [3]),
        ("대하", [3]),  # the syllable is not complete yet
        ("대", [3, 5]),
        ("[b]", [5]),
        ("", [1, 2, 3, 4, 5, 6]),
    ],
)
@played
async def test_words_find_numbers_and_names(
    fleet: Home, language: str, text: str, found: list[int]
):
    async with my_page(fleet, "김철수", language) as player:
        await player.press("n")
        await player.until(lambda: listed(player) == [1, 2, 3, 4, 5, 6])
        await player.type(text)
        await player.until(lambda: listed(player) == found)
        first = {one: name for one, name in enumerate(NAMES, 1) if name}.get(found[0])
        airplane = f"{found[0]} · {first}" if first else str(found[0])
        values = {"airplane": airplane, "customer": "김철수"}
        deed = Labels(language)("Request a seat of airplane {airplane} for {customer}", values)
        assert button(player) == f"{deed} (Enter)"
        await player.press("escape")


@pytest.mark.parametrize(
    ("language", "nothing"),
    [("en", "Nothing matches."), ("ko", "일치하는 항목이 없습니다.")],
)
@played
async def test_enter_does_nothing_when_nothing_matches(fleet: Home, language: str, nothing: str):
    async with my_page(fleet, "kim", language) as player:
        await player.press("n")
        await player.until(lambda: listed(player))
        await player.type("xyz")
        await player.until(lambda: (listed(player), player.complaint) == ([], nothing))
        await player.press("enter", "down", "enter")
        await player.pilot.click("#main")
        assert player.app.screen.query_one(Input).value == "xyz"
        assert (button(player), player.complaint) == (f"{nothing} (Enter)", nothing)
        await player.press("backspace", "backspace", "backspace")
        await player.until(lambda: len(listed(player)) == len(NAMES))
        await player.press("escape")
        await player.settle()
    assert fleet.json("my-page", "--all") == []


@played
async def test_arrows_and_a_click_highlight_and_only_the_button_requests(fleet: Home):
    async with my_page(fleet, "kim", size=(100, 30)) as player:
        await player.press("n")
        await player.until(lambda: listed(player))
        await player.press("down", "down", "up")
        assert button(player).startswith("Request a seat of airplane 2 · KE 907 for kim")
        place = next(y for y, line in enumerate(player.lines) if "Jeju 4" in line)
        await player.pilot.click(offset=(30, place))
        await player.until(lambda: "airplane 6 · Jeju 4" in button(player))
        await player.pilot.click("#main")
        await player.gets_notice("Reservation 1 is received.")
    assert [one["airplane"] for one in fleet.json("my-page", "--all")] == [6]


@played
async def test_many_airplanes_are_found_by_typing(home: Home):
    with home.airbook() as airbook:
        airbook.execute_all([Order(CreateAirplane(2)) for _ in range(300)])
    async with my_page(home, "kim") as player:
        await player.press("n")
        await player.shows("100 more: type to find them")
        await player.press("pageup", "pagedown", "pageup", "pageup")
        assert button(player) == "Request a seat of airplane 1 for kim (Enter)"
        await player.type("30")
        await player.until(lambda: listed(player)[:2] == [30, 130])
        await player.type("0")
        await player.until(lambda: listed(player) == [300])
        assert player.complaint == ""
        await player.press("enter")
        await player.gets_notice("Reservation 1 is received.")


@pytest.mark.parametrize(("language", "width"), [("en", 40), ("ko", 40), ("en", 80), ("ko", 80)])
@played
async def test_the_key_of_a_button_is_shown_however_long_its_text_is(
    home: Home, language: str, width: int
):
    home("admin", "add-plane", "--seats", "2", "--name", "긴 이름 " * 15)
    async with my_page(home, "long " * 15, language, size=(width, 24)) as player:
        await player.press("n")
        await player.until(lambda: any(line.rstrip().endswith("(Enter)") for line in player.lines))
        await player.shows("(Esc)")


@played
async def test_the_form_shows_which_airplane_its_number_stands_for(fleet: Home):
    fleet("admin", "close-plane", "4")
    async with dashboard(fleet) as player:
        await player.turn(2)
        await player.press("n")
        await player.shows("Airplane 1 · KE 101: 2 of 2 seats left")
        assert button(player) == "Request a seat of airplane 1 · KE 101 (Enter)"
        await player.type("kim")
        deed = "Request a seat of airplane 1 · KE 101 for kim (Enter)"
        await player.until(lambda: button(player) == deed)
        await player.press("shift+tab", "2")
        await player.shows("Airplane 2 · KE 907: 2 of 2 seats left")
        await player.press("backspace", "4")
        await player.shows("Airplane 4 is closed: a request is rejected.")
        await player.press("backspace", "9")
        await player.shows("There is no airplane 9 yet: a request is rejected.")
        assert button(player) == "Request a seat of airplane 9 for kim (Enter)"
        await player.press("backspace")
        await player.until(lambda: button(player) == "Request a seat (Enter)")
        await player.press("2", "enter")
        await player.gets_notice("Reservation 1 is received.")
    assert [one["airplane"] for one in fleet.json("my-page", "--all")] == [2]


BUTTONS = [
    ("en", ["2", "a"], "Add the airplane (Enter)"),
    ("en", ["2", "e", "6"], "Set to 6 seats (Enter)"),
    ("en", ["2", "e", "x"], "Set the seats (Enter)"),
    ("en", ["2", "c"], "Close airplane 1 (y)"),
    ("en", ["3", "end", "x"], "Cancel reservation 1 (y)"),
    ("en", ["t", "enter"], "Show this moment (Enter)"),
    ("ko", ["2", "a"], "항공기 추가 (Enter)"),
    ("ko", ["2", "e", "6"], "좌석 수를 6개로 변경 (Enter)"),
    ("ko", ["2", "c"], "항공기 1 예약 마감 (y)"),
    ("ko", ["3", "end", "x"], "예약 1 취소 (y)"),
]


@pytest.mark.parametrize(("language", "keys", "text"), BUTTONS)
@played
async def test_every_main_button_says_what_it_does(
    five_seats: Home, language: str, keys: list[str], text: str
):
    async with dashboard(five_seats, language) as player:
        for key in keys:
            await player.press(key)
            if len(player.app.screen_stack) == 1:
                await player.settle()
        await player.until(lambda: button(player) == text)
        await player.shows(text)


@pytest.mark.parametrize(
    ("language", "question", "safe"),
    [
        (
            "en",
            "Cancel this reservation? 1 · 이서연 · KE 907 · seat 1",
            'Enter chooses "No".',
        ),
        (
            "ko",
            "이 예약을 취소할까요? 1 · 이서연 · KE 907 · 좌석 1",
            'Enter를 누르면 "아니요"가 선택됩니다',
        ),
    ],
)
@played
async def test_a_cancellation_is_asked_about_with_all_that_tells_it_from_others(
    home: Home, language: str, question: str, safe: str
):
    home("admin", "add-plane", "--seats", "5", "--name", "KE 907")
    home("reserve", "1", "--customer", "이서연")
    home("daemon", "--until-idle")
    async with dashboard(home, language) as player:
        await player.turn(3)
        await player.press("x")
        await player.shows(question, safe)
        await player.press("enter")
        await player.until(lambda: player.app.screen is player.screen)
        assert player.page.row.status == "approved"
