"""Filters: what is typed narrows a list at once, and what means nothing is said to."""

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
from tests.cli.play import Home
from tests.support.stores import by_hand, open_log
from tests.support.stories import of_airplane, record
from tests.tui.screen import Player, dashboard, my_page, played

AT = "2026-11-22T09:00:00.000Z"
ALL = [6, 5, 4, 3, 2, 1]
HINT = "Enter keeps it, Esc clears it"
TYPES = (
    "AirplaneCreated, SeatsChanged, AirplaneClosed, AirplaneOpened, SeatAssigned, SeatReleased, "
    "ReservationRequested, ReservationApproved, ReservationRejected, ReservationCancelled"
)


async def keys_of(one: Player[Any], text: str) -> list[int]:
    """Filter by a text; give the keys of the rows that are left, from the top."""
    one.page.line.open()
    await one.until(lambda: one.page.line.input.has_focus)
    one.page.line.input.value = text
    await one.settle()
    return [getattr(row, one.page.KEY) for row in one.page.listing.window.rows]


def complaint(one: Player[Any]) -> str:
    return str(one.page.line.query_one(".complaint", Static).content)


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
    async with dashboard(five_seats, language) as one:
        await one.turn(3)
        assert {text: await keys_of(one, text) for text in found} == found
        assert complaint(one) == one.screen.label(HINT)


@played
async def test_a_customer_may_have_several_words(five_seats: Home):
    five_seats("reserve", "2", "--customer", "kim ha neul")
    async with dashboard(five_seats) as one:
        page = await one.turn(3)
        assert await keys_of(one, "kim ha") == [7]
        assert await keys_of(one, "kim 2 ha received") == [7]
        assert isinstance(page, Reservations)
        assert page.wanted == ReservationFilter("received", 2, "kim ha")


@played
async def test_it_is_said_when_more_customers_are_meant_than_are_looked_for(
    five_seats: Home, monkeypatch: pytest.MonkeyPatch
):
    for module in (windows, reservations):
        monkeypatch.setattr(module, "MOST_CUSTOMERS", 2)
    five_seats("reserve", "1", "--customer", "kwon")
    async with dashboard(five_seats) as one:
        await one.turn(3)
        assert await keys_of(one, "ki") == [1]
        assert complaint(one) == HINT
        assert await keys_of(one, "k") == [6, 1]
        assert complaint(one) == "More customers begin like that: the first 2 are listed."
        assert await keys_of(one, "kw") == [7]
        assert complaint(one) == HINT


@played
async def test_what_means_nothing_is_said_and_the_list_stays(five_seats: Home):
    sentences = {
        "0": "Numbers begin at 1.",
        "1234567890": "'1234567890' is not a number of 1 to 9 digits.",
        "x" * 81: "A name has 1 to 80 characters.",
        "\u202ex": r"'\u202ex' has characters that cannot be shown.",
    }
    async with dashboard(five_seats) as one:
        await one.turn(3)
        for text, sentence in sentences.items():
            assert await keys_of(one, "approved") == [5, 4, 3, 2, 1]
            assert complaint(one) == HINT
            assert await keys_of(one, text) == [5, 4, 3, 2, 1]
            assert complaint(one) == sentence


@played
async def test_on_my_page_only_ones_own_are_found(five_seats: Home):
    five_seats("reserve", "2", "--customer", "kim")
    async with my_page(five_seats, "kim") as one:
        await one.settle()
        assert await keys_of(one, "") == [7, 1]
        assert await keys_of(one, "received") == [7]
        assert await keys_of(one, "1") == [1]
        assert await keys_of(one, "recei") == [7, 1]
        assert complaint(one) == HINT
        assert await keys_of(one, "lee") == [7, 1]
        assert complaint(one) == "'lee' is neither a status nor the number of an airplane."


@played
async def test_facts_are_found_by_a_part_of_their_type_and_by_stream(five_seats: Home):
    assigned = EventFilter(("SeatAssigned",))
    seats = ("SeatsChanged", "SeatAssigned", "SeatReleased")
    wanted = {
        "": (18, EventFilter()),
        "assigned": (5, assigned),
        "SEATASS": (5, assigned),
        "seat assigned": (5, assigned),
        "reservation-6": (2, EventFilter(stream="reservation-6")),
        "airplane-1": (6, EventFilter(stream="airplane-1")),
        "airplane-1 seat": (5, EventFilter(seats, "airplane-1")),
        "airplane-9": (0, EventFilter(stream="airplane-9")),
    }
    async with dashboard(five_seats) as one:
        page = await one.turn(4)
        assert isinstance(page, Events)
        for text, (count, filtered) in wanted.items():
            assert (text, len(await keys_of(one, text)), page.wanted) == (text, count, filtered)


@played
async def test_types_there_are_none_of_are_said_to(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(4)
        for text in ("nonsense", "airplane-1 reservation-1"):
            assert len(await keys_of(one, text)) == 18
            assert complaint(one) == f"There are events of one stream, and of these types: {TYPES}."
            await keys_of(one, "")


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
    async with dashboard(five_seats, language) as one:
        for number in (1, 2):
            await one.turn(number)
            assert {text: await keys_of(one, text) for text in found} == found
            await one.press("escape")


@played
async def test_what_is_parked_is_found_by_a_part_of_its_error(five_seats: Home):
    with by_hand(five_seats.store) as connection:
        rows = [(3, 4, "It cannot be settled", AT), (5, 6, "Nor can this", AT)]
        connection.executemany("INSERT INTO parked VALUES (?, ?, ?, ?, 0, 0)", rows)
    async with dashboard(five_seats) as one:
        await one.turn(5)
        assert [await keys_of(one, text) for text in ("", "NOT", "this", "x")] == [
            [3, 5],
            [3],
            [5],
            [],
        ]


@played
async def test_the_line_stays_while_it_filters_and_goes_when_it_is_cleared(five_seats: Home):
    async with dashboard(five_seats) as one:
        page = await one.turn(3)
        await one.press("slash")
        await one.type("rejected")
        await one.press("enter")
        await one.settle()
        assert (page.line.display, page.listing.has_focus, page.row.id) == (True, True, 6)
        await one.press("escape")
        await one.settle()
        assert (page.line.display, page.line.text) == (False, "")
        assert [row.id for row in page.listing.window.rows] == ALL
        await one.press("slash", "enter")
        assert (page.line.display, page.listing.has_focus) == (False, True)
        await one.press("slash", "x", "escape")
        assert (page.line.display, page.line.text, page.listing.has_focus) == (False, "", True)


@played
async def test_letters_that_are_keys_elsewhere_are_typed_here(five_seats: Home):
    async with dashboard(five_seats) as one:
        page = await one.turn(3)
        await one.press("slash")
        await one.type("qatbpu?:12x")
        await one.settle()
        assert page.line.text == "qatbpu?:12x"
        assert (one.app.screen, one.screen.as_of, one.page) == (one.screen, None, page)
