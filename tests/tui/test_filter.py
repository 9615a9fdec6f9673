"""Filters: typed text narrows a list at once, and invalid text is explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from textual.widgets import Static

from airbook.application import paging as windows
from airbook.application.paging import EventFilter, ReservationFilter
from airbook.domain.airplane import AirplaneClosed, AirplaneCreated
from airbook.tui.pages import reservations
from airbook.tui.pages.events import Events
from airbook.tui.pages.reservations import Reservations
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import of_airplane, record
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played
from tests.tui.stores import park

ALL = [6, 5, 4, 3, 2, 1]
HINT = "Enter keeps it, Esc clears it"
TYPES = (
    "AirplaneCreated, SeatsChanged, AirplaneClosed, AirplaneOpened, SeatAssigned, SeatReleased, "
    "ReservationRequested, ReservationApproved, ReservationRejected, ReservationCancelled"
)


async def keys_of(player: Player[Any], text: str) -> list[int]:
    """Set the filter; return the keys of the remaining rows, from the top."""
    player.page.filter_line.open()
    await player.until(lambda: player.page.filter_line.input.has_focus)
    player.page.filter_line.input.value = text
    await player.settle()
    return [getattr(row, player.page.KEY) for row in player.page.row_list.window.rows]


def complaint(player: Player[Any]) -> str:
    return str(player.page.filter_line.query_one(".complaint", Static).content)


@pytest.mark.parametrize(
    ("language", "found"),
    [
        (
            "en",
            {
                "approved": [5, 4, 3, 2, 1],
                "rejected": [6],
                "received": [],
                "": ALL,
                "1": ALL,
                "2": [],
                "k": [6, 1],
                "ka": [6],
                "approved k": [1],
                "k 1 rejected": [6],
                "  kim  ": [1],
                "%": [],
                "_im": [],
            },
        ),
        ("ko", {"승인": [5, 4, 3, 2, 1], "거절": [6], "rejected k": [6], "": ALL}),
    ],
)
@played
async def test_reservations_are_found_by_status_airplane_and_customer(
    five_seats: Home, language: str, found: Mapping[str, list[int]]
):
    async with dashboard(five_seats, language) as player:
        await player.turn(3)
        assert {text: await keys_of(player, text) for text in found} == found
        assert complaint(player) == player.screen.label(HINT)


@played
async def test_a_customer_may_have_several_words(five_seats: Home):
    five_seats("reserve", "2", "--customer", "kim ha neul")
    async with dashboard(five_seats) as player:
        page = await player.turn(3)
        assert await keys_of(player, "kim ha") == [7]
        assert await keys_of(player, "kim 2 ha received") == [7]
        assert isinstance(page, Reservations)
        assert page.row_filter == ReservationFilter("received", 2, "kim ha")


@played
async def test_a_filter_that_matches_too_many_customers_is_reported(
    five_seats: Home, monkeypatch: pytest.MonkeyPatch
):
    for module in (windows, reservations):
        monkeypatch.setattr(module, "MOST_CUSTOMERS", 2)
    five_seats("reserve", "1", "--customer", "kwon")
    async with dashboard(five_seats) as player:
        await player.turn(3)
        assert await keys_of(player, "ki") == [1]
        assert complaint(player) == HINT
        assert await keys_of(player, "k") == [6, 1]
        assert complaint(player) == "More customers begin like that: the first 2 are listed."
        assert await keys_of(player, "kw") == [7]
        assert complaint(player) == HINT


@played
async def test_an_invalid_filter_is_explained_and_the_list_stays(five_seats: Home):
    sentences = {
        "0": "Numbers begin at 1.",
        "1234567890": "'1234567890' is not a number of 1 to 9 digits.",
        "x" * 81: "A name has 1 to 80 characters.",
        "\u202ex": r"'\u202ex' has characters that cannot be shown.",
    }
    async with dashboard(five_seats) as player:
        await player.turn(3)
        for text, sentence in sentences.items():
            assert await keys_of(player, "approved") == [5, 4, 3, 2, 1]
            assert complaint(player) == HINT
            assert await keys_of(player, text) == [5, 4, 3, 2, 1]
            assert complaint(player) == sentence


@played
async def test_my_page_filters_the_reservations_of_its_customer(five_seats: Home):
    five_seats("reserve", "2", "--customer", "kim")
    async with my_page(five_seats, "kim") as player:
        await player.settle()
        assert await keys_of(player, "") == [7, 1]
        assert await keys_of(player, "received") == [7]
        assert await keys_of(player, "1") == [1]
        assert await keys_of(player, "recei") == [7, 1]
        assert complaint(player) == HINT
        assert await keys_of(player, "lee") == [7, 1]
        assert complaint(player) == "'lee' is neither a status nor the number of an airplane."


@played
async def test_events_are_found_by_a_part_of_their_type_and_by_stream(five_seats: Home):
    assigned = EventFilter(("SeatAssigned",))
    seats = ("SeatsChanged", "SeatAssigned", "SeatReleased")
    expected = {
        "": (18, EventFilter()),
        "assigned": (5, assigned),
        "SEATASS": (5, assigned),
        "seat assigned": (5, assigned),
        "reservation-6": (2, EventFilter(stream="reservation-6")),
        "airplane-1": (6, EventFilter(stream="airplane-1")),
        "airplane-1 seat": (5, EventFilter(seats, "airplane-1")),
        "airplane-9": (0, EventFilter(stream="airplane-9")),
    }
    async with dashboard(five_seats) as player:
        page = await player.turn(4)
        assert isinstance(page, Events)
        for text, (count, filtered) in expected.items():
            assert (text, len(await keys_of(player, text)), page.row_filter) == (
                text,
                count,
                filtered,
            )


@played
async def test_an_unknown_event_type_is_explained(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(4)
        for text in ("nonsense", "airplane-1 reservation-1"):
            assert len(await keys_of(player, text)) == 18
            assert (
                complaint(player) == f"There are events of one stream, and of these types: {TYPES}."
            )
            await keys_of(player, "")


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
                "hl open": [2],
                "[/]": [],
                "": [1, 2, 3],
            },
        ),
        ("ko", {"마감": [3], "closed hl": [3]}),
    ],
)
@played
async def test_airplanes_are_found_by_number_name_and_status(
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
async def test_parked_reservations_are_found_by_a_part_of_their_error(five_seats: Home):
    park(five_seats, (3, 4, "It cannot be settled"), (5, 6, "Nor can this"))
    async with dashboard(five_seats) as player:
        await player.turn(5)
        assert [await keys_of(player, text) for text in ("", "NOT", "this", "x")] == [
            [3, 5],
            [3],
            [5],
            [],
        ]


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
