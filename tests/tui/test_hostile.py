"""Unusual contents of the log are displayed as text and end no screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.tui.screens.sentences import MOST_CELLS
from airbook.tui.widgets.columns import cut
from tests.support.answers import OBEYED
from tests.support.home import Home
from tests.support.stores import open_log, store_as_is
from tests.support.stories import of_airplane, of_reservation, record
from tests.tui.player import Player
from tests.tui.screen import WIDE, dashboard, my_page, played
from tests.tui.stores import park, record_names

MARKUP = "[/][b]{x}[/b]"
ESCAPES = "\x1b[31m\x1b]0;x\x07"
HIDING = "\u202egnik\u2066\u2028"
NAMES = (MARKUP, ESCAPES, HIDING)
SHOWN = (MARKUP, r"\u001b[31m\u001b]0;x\u0007", r"\u202egnik\u2066\u2028")
EVIL = "\x1b[31m\x1b]0;x\x07\x9b31m\u202e\u2066[/]\u2028\x7f"
AT = "2026-11-22T09:00:00.000Z"
LARGE = f'{{"airplane":{10**30},"customer":"customer 1"}}'


@pytest.fixture
def named(empty: Home) -> Home:
    """Store names with markup, control sequences and hidden characters."""
    record_names(empty, NAMES)
    with open_log(empty.store) as log:
        for n, name in enumerate(NAMES, 1):
            record(log, *of_airplane(n, AirplaneCreated(seats=2, name=name)))
            record(log, *of_reservation(n, ReservationRequested(n, f"customer {n}")))
    park(empty, *((n, n, f"{name} {name}") for n, name in enumerate(NAMES, 1)))
    return empty


def assert_plain(player: Player[Any]) -> None:
    assert not OBEYED.search(player.display), player.display


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_unusual_names_are_displayed_on_every_page(named: Home, language: str):
    async with dashboard(named, language, size=WIDE) as player:
        for page in range(1, 6):
            await player.turn(page)
            await player.shows(*SHOWN)
            assert_plain(player)


@played
async def test_unusual_names_are_displayed_in_the_detail(named: Home):
    async with dashboard(named, size=WIDE) as player:
        for page in range(1, 6):
            await player.turn(page)
            await player.press("home", "enter")
            for _ in NAMES:
                await player.settle()
                assert_plain(player)
                await player.press("down")
            await player.press("escape")


@played
async def test_unusual_names_are_displayed_in_dialogs_and_notices(named: Home):
    async with dashboard(named, size=WIDE) as player:
        await player.turn(3)
        for name in reversed(SHOWN):
            await player.press("x", "y")
            await player.until(lambda: player.page.row.status == "cancelled")
            await player.press("u")
            await player.shows("Request a seat of airplane", name)
            assert_plain(player)
            await player.press("n", "down")
        await player.press("Y")
        await player.shows("Copied", SHOWN[0])
        assert_plain(player)


@played
async def test_unusual_names_are_displayed_in_a_choice(named: Home):
    for name, shown in zip(NAMES, SHOWN, strict=True):
        async with my_page(named, name, size=WIDE) as player:
            await player.shows(f"Reservations of {shown}")
            await player.press("n")
            await player.shows("Choose an airplane", *(cut(name, MOST_CELLS) for name in SHOWN))
            assert_plain(player)
            await player.press("escape")


@played
async def test_unusual_typed_text_is_displayed(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        await player.turn(3)
        await player.press("slash")
        player.page.filter_line.input.value = MARKUP
        await player.shows(MARKUP, "Nothing matches.")
        player.page.filter_line.input.value = ESCAPES
        await player.shows("has characters that cannot be shown")
        await player.press("escape", "colon")
        await player.type("[/]")
        await player.press("enter")
        await player.gets_notice("There is no command '[/]'.")
        await player.press("ctrl+p")
        await player.type("[/]")
        await player.press("escape")


UNUSUAL_EVENTS: Sequence[tuple[Any, ...]] = (
    ("airplane-1", 2, "SeatsChanged.v1", '{"seats":3}', EVIL),
    (f"{EVIL}-1", 1, f"{EVIL}.v1", "{}"),
    (EVIL, 1, "AirplaneCreated.v1", '{"seats":2}'),
    ("reservation-4", 1, "AirplaneCreated.v1", f'{{"name":{json.dumps(EVIL)}}}'),
    ("reservation-5", 1, f"X{EVIL}.v1", f'{{"x":{json.dumps(EVIL)}}}'),
    ("airplane-4", 1, "AirplaneCreated.v1", "[" * 200_000 + "]" * 200_000),
    ("airplane-5", 1, "AirplaneCreated.v1", '{"seats":2,"seats":3}'),
    ("airplane-6", 1, "AirplaneCreated.v1", '{"seats":NaN}'),
    ("airplane-7", 1, "AirplaneCreated.v1", '{"seats":"\\ud800"}'),
    ("airplane-8", 1, "AirplaneCreated.v1", "{}"),
    ("airplane-9", 1, "AirplaneCreated.v1", "[1]"),
    (f"airplane-{'9' * 5_000}", 1, "AirplaneCreated.v1", '{"seats":2}'),
    (f"airplane-{10**30}", 1, "AirplaneCreated.v1", '{"seats":2}'),
    ("airplane-1", 3, "SeatReleased.v1", f'{{"reservation":{10**30}}}'),
    ("airplane-1", 4, "SeatReleased.v1", '{"reservation":-1}'),
    ("reservation-6", 1, "ReservationRequested.v1", LARGE),
    ("airplane-10", 1, "AirplaneCreated.v1", f'{{"seats":2,{json.dumps(EVIL)}:1}}'),
    ("airplane-11", 1, "AirplaneCreated.v1", f'{{"seats":2,"name":"{"x" * 501}"}}'),
    ("airplane-13", 1, "AirplaneCreated.v1", '{"seats":2,"name":"\\u0000"}'),
    ("airplane-1", 5, "AirplaneClosed.v1", "{}", "2026-11-22\u202e09:00:00.000Z"),
    ("airplane-1", 6, "AirplaneClosed.v1", "{}", "0001-01-01T00:00:00.000+14:00"),
)


@pytest.fixture
def evil(named: Home) -> Home:
    """Store events that airbook would never write."""
    for stream, version, topic, data, *at in UNUSUAL_EVENTS:
        state = f'{{"at":{json.dumps(at[0] if at else AT)},"data":{data}}}'
        store_as_is(named.store, stream, version, topic, state.encode())
    no_text = b'{"at":"\xff","data":"\xfe"}'
    store_as_is(named.store, "airplane-12", 1, "AirplaneCreated.v1", no_text)
    return named


@played
async def test_unreadable_events_are_displayed(evil: Home):
    async with dashboard(evil, size=WIDE) as player:
        for page in range(1, 6):
            await player.turn(page)
            assert_plain(player)
        await player.turn(4)
        await player.press("enter")
        for _ in range(player.page.row_list.window.total):
            await player.press("Y")
            await player.settle()
            assert_plain(player)
            assert not OBEYED.search(player.app.clipboard)
            await player.press("down")


@played
async def test_unreadable_events_can_be_looked_back_to(evil: Home):
    async with dashboard(evil, size=WIDE) as player:
        for page in (1, 3, 4):
            await player.turn(page)
            for position in range(6, player.screen.position + 1, 1 if page == 1 else 8):
                player.screen.as_of = position
                await player.settle()
                assert_plain(player)
