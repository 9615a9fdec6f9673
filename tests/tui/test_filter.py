"""Filters: typed text narrows a list at once, and a filter that matches nothing says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from textual.widgets import Static

from airbook.application.text.labels import Labels
from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played

ALL = [6, 5, 4, 3, 2, 1]
HINT = "Enter keeps it, Esc clears it"
FIELDS = "reservation, plane, name, customer, status, seat, reason, after, before"
NARROW = (60, 24)


async def keys_of(player: Player[Any], text: str) -> list[int]:
    """Set the filter; return the keys of the remaining rows, from the top."""
    player.page.filter_line.open()
    await player.until(lambda: player.page.filter_line.input.has_focus)
    player.page.filter_line.input.value = text
    await player.settle()
    return [getattr(row, player.page.KEY) for row in player.page.row_list.window.rows]


def complaint(player: Player[Any]) -> str:
    return str(player.page.filter_line.query_one(".complaint", Static).content)


def nothing(text: str, language: str = "en") -> str:
    return Labels(language)("Nothing matches {text}.", {"text": f"'{text}'"})


@pytest.mark.parametrize(
    ("language", "found"),
    [
        (
            "en",
            {
                "approved": [5, 4, 3, 2, 1],
                "REJ": [6],
                "거절": [6],
                "": [7, *ALL],
                "2": [7, 2],
                "k": [7, 6, 3, 1],
                "ANG": [6],
                "approved k": [3, 1],
                "no seats left": [6],
                "no_seats": [6],
                "  kim  ": [7, 1],
                '"kim ha"': [7],
                "plane:1 status:approved customer:k": [3, 1],
                "seat:3": [3],
                "id:4": [4],
                "reason:seats": [6],
                "name:907": [7],
                "ke": [7],
                'plane:"KE 907"': [7],
                "before:4": [3, 2, 1],
                "after:4": [7, 6, 5, 4],
                "after:4 before:5": [4],
                "2026-11-22": ALL,
                "2026-11-22T09:00:00": ALL,
                "2026-11-21": [],
                "%": [],
                "_im": [],
            },
        ),
        (
            "ko",
            {
                "승인": [5, 4, 3, 2, 1],
                "거절": [6],
                "rejected k": [6],
                "상태:거절": [6],
                "남은 좌석": [6],
                "좌석:3 고객:park": [3],
                "이전:4": [3, 2, 1],
            },
        ),
    ],
)
@played
async def test_reservations_are_found_by_everything_that_is_shown(
    five_seats: Home, language: str, found: Mapping[str, list[int]]
):
    five_seats("admin", "add-plane", "--seats", "7", "--name", "KE 907")
    five_seats("reserve", "2", "--customer", "kim ha neul")
    async with dashboard(five_seats, language) as player:
        await player.turn(3)
        assert {text: await keys_of(player, text) for text in found} == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "Nothing matches 'nonsense'."),
        ("plane:9", "Nothing matches 'plane:9'."),
        ("approved nonsense", "Nothing matches 'approved nonsense'."),
        ("plane:x", "No airplane is named 'x'."),
        ("customer:x", "No customer is named 'x'."),
        ("colour:red", f"'colour' is not a field of this list; its fields: {FIELDS}."),
        ("status:x", "'x' is none of these: received, approved, rejected, cancelled."),
        ("plane:0", "Numbers begin at 1."),
        ("seat:x", "'x' is not a number of 1 to 9 digits."),
        ("\u202ex", r"'\u202ex' has characters that cannot be shown."),
        ("[/]", "Nothing matches '[/]'."),
    ],
)
@played
async def test_a_filter_that_matches_nothing_shows_nothing_and_says_why(
    five_seats: Home, text: str, sentence: str
):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        assert await keys_of(player, "approved") == [5, 4, 3, 2, 1]
        assert complaint(player) == HINT
        assert await keys_of(player, text) == []
        assert complaint(player) == sentence
        assert player.rows()[1:] == [" Nothing matches."]
        five_seats("reserve", "1", "--customer", "kim")
        await player.settle()
        assert (player.page.row_list.window.total, complaint(player)) == (0, sentence)
        assert await keys_of(player, "rejected") == [6]
        assert complaint(player) == HINT


@played
async def test_why_nothing_matches_is_said_in_korean(five_seats: Home):
    async with dashboard(five_seats, "ko") as player:
        await player.turn(3)
        sentences = list[str]()
        for text in ("x", "항공기:x", "고객:x", "상태:x", "색:x"):
            assert await keys_of(player, text) == []
            sentences.append(complaint(player))
        assert sentences == [
            "'x': 일치하는 항목이 없습니다.",
            "'x': 이런 이름의 항공기가 없습니다.",
            "'x': 이런 이름의 고객이 없습니다.",
            "'x': 쓸 수 없는 값입니다. 쓸 수 있는 값: 접수됨, 승인, 거절, 취소",
            (
                "'색': 이 목록에 없는 필드입니다. 쓸 수 있는 필드: "
                "예약, 항공기, 이름, 고객, 상태, 좌석, 이유, 이후, 이전"
            ),
        ]


@played
async def test_my_page_filters_the_reservations_of_its_customer(five_seats: Home):
    five_seats("reserve", "2", "--customer", "kim")
    async with my_page(five_seats, "kim") as player:
        await player.settle()
        found = {
            "": [7, 1],
            "received": [7],
            "plane:1": [1],
            "kim": [],
            "lee": [],
        }
        assert {text: await keys_of(player, text) for text in found} == found
        assert await keys_of(player, "after:99") == []
        assert complaint(player) == "The last position of the log is 19."
        fields = FIELDS.replace(" customer,", "")
        assert await keys_of(player, "customer:kim") == []
        assert complaint(player) == f"'customer' is not a field of this list; its fields: {fields}."


@played
async def test_a_narrow_screen_shows_the_filter_and_why_it_matches_nothing(five_seats: Home):
    async with dashboard(five_seats, size=NARROW) as player:
        page = await player.turn(3)
        assert await keys_of(player, "colour:red") == []
        lines = player.text(page.filter_line)
        assert lines[0].split() == ["Filter", "colour:red"]
        shown = " ".join(" ".join(lines[1:]).split())
        assert shown == f"'colour' is not a field of this list; its fields: {FIELDS}."
        assert await keys_of(player, "approved") == [5, 4, 3, 2, 1]
        await player.press("enter")
        await player.settle()
        assert [line.split() for line in player.text(page.filter_line)] == [["Filter", "approved"]]


@played
async def test_the_filter_line_is_visible_until_it_is_cleared(five_seats: Home):
    async with dashboard(five_seats) as player:
        page = await player.turn(3)
        await player.press("slash")
        await player.type("rejected")
        await player.press("enter")
        await player.settle()
        assert (page.filter_line.display, page.row_list.has_focus, page.row.id) == (True, True, 6)
        await player.press("escape")
        await player.settle()
        assert (page.filter_line.display, page.filter_line.text) == (False, "")
        assert [row.id for row in page.row_list.window.rows] == ALL
        await player.press("slash", "enter")
        assert (page.filter_line.display, page.row_list.has_focus) == (False, True)
        await player.press("slash", "x", "escape")
        line = page.filter_line
        assert (line.display, line.text, page.row_list.has_focus) == (False, "", True)


@played
async def test_keys_of_the_screen_are_letters_in_the_filter_line(five_seats: Home):
    async with dashboard(five_seats) as player:
        page = await player.turn(3)
        await player.press("slash")
        await player.type("qatbpu?:12x")
        await player.settle()
        assert page.filter_line.text == "qatbpu?:12x"
        assert (player.app.screen, player.screen.as_of, player.page) == (player.screen, None, page)
