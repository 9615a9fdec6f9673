"""Whatever somebody put into the log by hand is shown as text, and ends no screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from airbook.tui.screens.commands import MOST_CELLS
from airbook.tui.widgets.columns import cut
from tests.cli.play import OBEYED, Home
from tests.support.stores import by_hand, open_log, store_as_is
from tests.support.stories import of_airplane, of_reservation, record
from tests.tui.screen import WIDE, Player, dashboard, my_page, played

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
    """Name airplanes and customers as no front would."""
    with open_log(empty.store) as log:
        log.insert(
            Rows(customers=[Customer(f"customer {n}", name) for n, name in enumerate(NAMES, 1)])
        )
        for n, name in enumerate(NAMES, 1):
            record(log, *of_airplane(n, AirplaneCreated(seats=2, name=name)))
            record(log, *of_reservation(n, ReservationRequested(n, f"customer {n}")))
    with by_hand(empty.store) as connection:
        parked = [(n, n, f"{name} {name}", AT) for n, name in enumerate(NAMES, 1)]
        connection.executemany("INSERT INTO parked VALUES (?, ?, ?, ?, 0, 0)", parked)
    return empty


def assert_plain(one: Player[Any]) -> None:
    assert not OBEYED.search(one.display), one.display


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_names_are_shown_as_they_are_on_every_page(named: Home, language: str):
    async with dashboard(named, language, size=WIDE) as one:
        for page in range(1, 6):
            await one.turn(page)
            await one.shows(*SHOWN)
            assert_plain(one)


@played
async def test_names_are_shown_as_they_are_in_what_is_told_of_a_row(named: Home):
    async with dashboard(named, size=WIDE) as one:
        for page in range(1, 6):
            await one.turn(page)
            await one.press("home", "enter")
            for _ in NAMES:
                await one.settle()
                assert_plain(one)
                await one.press("down")
            await one.press("escape")


@played
async def test_names_are_shown_as_they_are_in_dialogs_and_toasts(named: Home):
    async with dashboard(named, size=WIDE) as one:
        await one.turn(3)
        for name in reversed(SHOWN):
            await one.press("x", "y")
            await one.until(lambda: one.page.row.status == "cancelled")
            await one.press("u")
            await one.shows("Request a seat of airplane", name)
            assert_plain(one)
            await one.press("n", "down")
        await one.press("Y")
        await one.shows("Copied", SHOWN[0])
        assert_plain(one)


@played
async def test_names_are_shown_as_they_are_where_one_chooses(named: Home):
    for name, shown in zip(NAMES, SHOWN, strict=True):
        async with my_page(named, name, size=WIDE) as one:
            await one.shows(f"Reservations of {shown}")
            await one.press("n")
            await one.shows("Choose an airplane", *(cut(name, MOST_CELLS) for name in SHOWN))
            assert_plain(one)
            await one.press("escape")


@played
async def test_what_is_typed_is_shown_as_it_is(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        await one.turn(3)
        await one.press("slash")
        one.page.line.input.value = MARKUP
        await one.shows(MARKUP, "Nothing matches.")
        one.page.line.input.value = ESCAPES
        await one.shows("has characters that cannot be shown")
        await one.press("escape", "colon")
        await one.type("[/]")
        await one.press("enter")
        await one.is_told("There is no command '[/]'.")
        await one.press("ctrl+p")
        await one.type("[/]")
        await one.press("escape")


EVENTS_LABEL: Sequence[tuple[Any, ...]] = (
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
)


@pytest.fixture
def evil(named: Home) -> Home:
    """Put into a log what airbook would never write."""
    for stream, version, topic, data, *at in EVENTS_LABEL:
        state = f'{{"at":{json.dumps(at[0] if at else AT)},"data":{data}}}'
        store_as_is(named.store, stream, version, topic, state.encode())
    no_text = b'{"at":"\xff","data":"\xfe"}'
    store_as_is(named.store, "airplane-12", 1, "AirplaneCreated.v1", no_text)
    return named


@played
async def test_facts_that_cannot_be_read_are_shown_as_well_as_can_be(evil: Home):
    async with dashboard(evil, size=WIDE) as one:
        for page in range(1, 6):
            await one.turn(page)
            assert_plain(one)
        await one.turn(4)
        await one.press("enter")
        for _ in range(one.page.listing.window.total):
            await one.press("Y")
            await one.settle()
            assert_plain(one)
            assert not OBEYED.search(one.app.clipboard)
            await one.press("down")


@played
async def test_facts_that_cannot_be_read_are_looked_back_to(evil: Home):
    async with dashboard(evil, size=WIDE) as one:
        for page in (1, 3, 4):
            await one.turn(page)
            for position in range(6, one.screen.position + 1, 1 if page == 1 else 8):
                one.screen.as_of = position
                await one.settle()
                assert_plain(one)
