"""Filters of events, airplanes and parked reservations."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from airbook.domain.airplane import AirplaneClosed, AirplaneCreated
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import of_airplane, record
from tests.tui.screen import dashboard, played
from tests.tui.stores import park
from tests.tui.test_filter import complaint, keys_of

ASSIGNED = [16, 14, 12, 10, 8]


@pytest.mark.parametrize(
    ("language", "found"),
    [
        (
            "en",
            {
                "assigned": ASSIGNED,
                "SEATASS": ASSIGNED,
                "seat assigned": ASSIGNED,
                "reservation-6": [18, 7],
                "stream:reservation-6": [18, 7],
                "reservation:6": [18, 7],
                "plane:1 type:seat": ASSIGNED,
                "airplane-1 seats=5": [1],
                "seat=3": [13, 12],
                "no_seats_left": [18],
                "nonsense": [],
                "after:16": [18, 17],
                "before:2": [2, 1],
                "position:3": [3],
                "2026-11-22 seatass": ASSIGNED,
                "airplane-9": [],
            },
        ),
        ("ko", {"종류:seatassigned 위치:8": [8], "항공기:1 이전:9": [8, 1]}),
    ],
)
@played
async def test_events_are_found_by_everything_that_is_shown(
    five_seats: Home, language: str, found: Mapping[str, list[int]]
):
    async with dashboard(five_seats, language) as player:
        await player.turn(4)
        assert {text: await keys_of(player, text) for text in found} == found


@played
async def test_a_filter_of_events_that_matches_nothing_says_why(five_seats: Home):
    fields = "position, stream, type, by, plane, reservation, after, before"
    sentences = {
        "nonsense": "Nothing matches 'nonsense'.",
        "status:x": f"'status' is not a field of this list; its fields: {fields}.",
        "stream:airplane": "'airplane' is not a stream like airplane-1 or reservation-1.",
        "after:99": "The last position of the log is 18.",
    }
    async with dashboard(five_seats) as player:
        await player.turn(4)
        for text, sentence in sentences.items():
            assert (await keys_of(player, text), complaint(player)) == ([], sentence)
        assert await keys_of(player, "type:x") == []
        assert complaint(player).startswith("'x' is none of these: AirplaneCreated, SeatsChanged,")


@pytest.mark.parametrize(
    ("language", "found"),
    [
        (
            "en",
            {
                "2": [2],
                "hl": [2, 3],
                "HL7": [2],
                "closed": [3],
                "마감": [3],
                "hl open": [2],
                "status:open": [1, 2],
                "seats:7": [2],
                "plane:1": [1],
                "name:hl": [2, 3],
                "taken:5 left:0": [1],
                "[/]": [],
                "": [1, 2, 3],
            },
        ),
        (
            "ko",
            {"마감": [3], "closed hl": [3], "상태:마감": [3], "좌석수:7": [2], "이름:hl": [2, 3]},
        ),
    ],
)
@played
async def test_airplanes_are_found_by_everything_that_is_shown(
    five_seats: Home, language: str, found: Mapping[str, list[int]]
):
    with open_log(five_seats.store) as log:
        record(log, *of_airplane(2, AirplaneCreated(7, name="HL7")))
        record(log, *of_airplane(3, AirplaneCreated(8, name="HL8"), AirplaneClosed()))
    async with dashboard(five_seats, language) as player:
        for number in (1, 2):
            await player.turn(number)
            assert {text: await keys_of(player, text) for text in found} == found
            await player.press("escape")


@played
async def test_a_filter_of_airplanes_that_matches_nothing_says_why(five_seats: Home):
    fields = "plane, name, seats, taken, pending, left, status"
    sentences = {
        "x": "Nothing matches 'x'.",
        "name:x": "No airplane is named 'x'.",
        "name:x status:open": "Nothing matches 'name:x status:open'.",
        "status:x": "'x' is none of these: open, closed.",
        "seat:1": f"'seat' is not a field of this list; its fields: {fields}.",
        "seats:x": "'x' is not a number of 1 to 9 digits.",
    }
    async with dashboard(five_seats) as player:
        for number in (1, 2):
            await player.turn(number)
            for text, sentence in sentences.items():
                assert (await keys_of(player, text), complaint(player)) == ([], sentence)
            await player.press("escape")


@played
async def test_parked_reservations_are_found_by_everything_that_is_shown(five_seats: Home):
    park(five_seats, (3, 4, "It cannot be settled"), (5, 6, "Nor can this"))
    found = {
        "": [3, 5],
        "NOT": [3],
        "this": [5],
        "x": [],
        "parked": [3, 5],
        "보류": [3, 5],
        "reservation:5": [5],
        "position:4": [3],
        "state:dropped": [],
        "error:settled": [3],
        "2026-11-22": [3, 5],
    }
    async with dashboard(five_seats) as player:
        await player.turn(5)
        assert {text: await keys_of(player, text) for text in found} == found
