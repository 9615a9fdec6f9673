"""Five seats, six customers: on a real terminal, with keys alone, and with a daemon."""

from __future__ import annotations

import pytest

from airbook.application.text.labels import Labels
from tests.support.home import Home
from tests.support.stories import CUSTOMERS
from tests.tui.terminal import ALTERNATE_SCREEN, CURSOR, PASTING, Played

SIXTH = {
    "en": "Reservation 6 was rejected: all 5 seats of airplane 1 were taken.",
    "ko": "예약 6: 거절되었습니다. 항공기 1의 좌석 5개가 모두 배정되어 있었습니다.",
}
WHERE = "Position {position} of {head}, {at}"


def is_as_it_was(screen: Played) -> bool:
    """Return whether the terminal has its usual modes, cursor and echo."""
    settings = screen.settings()
    return screen.on() == {CURSOR} and {"echo", "icanon", "isig", "icrnl", "opost"} <= settings


@pytest.mark.parametrize("language", ["en", "ko"])
def test_five_seats_six_customers(home: Home, language: str):
    label = Labels(language)
    with home.daemon(), Played(home, "tui", AIRBOOK_LANG=language) as screen:
        screen.shows(label("screen: live"))
        screen.play("a")
        screen.shows(label("Add an airplane"))
        screen.play("5", "enter")
        screen.shows(label("Airplane {number} added.", {"number": 1}), "0/5")
        screen.hides(label("Add an airplane"))

        for number, customer in enumerate(CUSTOMERS, 1):
            screen.play("n")
            screen.shows(label("Reserve a seat"))
            screen.play(customer, "enter")
            screen.shows(label("Reservation {number} is received.", {"number": number}))
            screen.hides(label("Reserve a seat"))  # else the next title is that of this dialog
        screen.shows("5/5")

        screen.play("3")
        screen.shows(*CUSTOMERS, label("rejected"))
        screen.play("enter")
        screen.shows(SIXTH[language])

        before = home.json("why", "6", "--as-of", "17", AIRBOOK_LANG=language)
        assert before["status"] == "received"
        screen.play("t", "left")
        screen.shows(label(WHERE, {"position": 17, "head": 18, "at": ""}), before["sentence"])
        screen.play("b")
        screen.shows(label("screen: live"), SIXTH[language])

        screen.play("q")
        screen.ends_with(0)
    assert home.json("plane", "1")["taken"] == 5


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_customer_reserves_and_cancels(home: Home, language: str):
    label = Labels(language)
    home("admin", "add-plane", "--seats", "5", "--name", "제주")
    words = ("my-page", "--customer", "김철수")
    with home.daemon(), Played(home, *words, AIRBOOK_LANG=language) as screen:
        screen.shows("김철수", label("screen: live"))
        screen.play("n")
        screen.shows(label("Choose an airplane"), "제주")
        screen.play("enter")
        screen.shows(label("approved"))

        one = f"1 · 김철수 · 제주 · {label('seat {number}', {'number': 1})}"
        question = label("Cancel this reservation? {reservation}", {"reservation": one})
        screen.play("x")
        screen.shows(question)
        screen.play("enter")  # No
        screen.hides(question)
        screen.play("x")
        screen.shows(question)
        screen.play("y")
        screen.hides(question)  # the keys belong to the dialog until the store has answered
        screen.shows(label("cancelled"))

        screen.play("q")
        screen.ends_with(0)
    mine = home.json("my-page", "--customer", "김철수")
    assert [one["status"] for one in mine] == ["cancelled"]


@pytest.mark.parametrize(("keys", "code"), [(["q"], 0), (["ctrl+c"], 130), (["a", "ctrl+c"], 130)])
def test_the_terminal_is_restored(five_seats: Home, keys: list[str], code: int):
    with Played(five_seats, "tui") as screen:
        screen.shows("screen: live")
        assert screen.on() > {ALTERNATE_SCREEN, PASTING}
        for key in keys[:-1]:
            screen.play(key)
            screen.shows("Add an airplane")
        screen.play(keys[-1])
        screen.ends_with(code)
        assert is_as_it_was(screen)
        assert "Traceback" not in "\n".join(screen.lines())
