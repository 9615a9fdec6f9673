"""What is new is shown at once, at most ten times a second, and never what nobody sees."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import asyncio
import time

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.paging import Window
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.tui.pages.overview import Glance
from airbook.tui.pages.system import Inside
from airbook.tui.widgets.detail import Story
from tests.cli.play import Home
from tests.support.stores import open_log
from tests.support.stories import of_airplane, of_reservation, record
from tests.tui.screen import WIDE, dashboard, my_page, played

MANY = 2_000


def commit(home: Home, seconds: float) -> None:
    """Commit events ten at a time, evenly over so many seconds or longer."""
    began = time.monotonic()
    with Airbook(SQLiteStore(home.store)) as airbook:
        for number in range(0, MANY, 10):
            airbook.execute_all([Order(Reserve(1, f"customer {number}")) for _ in range(10)])
            time.sleep(max(0.0, began + seconds * number / MANY - time.monotonic()))


@pytest.mark.parametrize(("page", "detailed"), [(1, True), (3, False), (4, True)])
@played
async def test_there_are_at_most_ten_refreshes_a_second(empty: Home, page: int, detailed: bool):
    with open_log(empty.store) as log:
        record(log, *of_airplane(1, AirplaneCreated(seats=5)))
        record(log, *of_reservation(1, ReservationRequested(1, "c")))
    async with dashboard(empty, size=WIDE) as one:
        await one.turn(page)
        await one.press(*(["enter"] if detailed else []))
        await one.settle()
        one.heard.clear()
        began = time.monotonic()
        await asyncio.to_thread(commit, empty, 3.0)
        await one.until(lambda: one.screen.position == MANY + 2)
        await one.settle()
        seconds = time.monotonic() - began
        refreshes = [one for one in one.answers if isinstance(one, Window | Glance)]
        assert 2 < len(refreshes) <= 10 * seconds + 2
        told = [one for one in one.answers if isinstance(one, Story)]
        assert len(told) <= 10 * seconds + 2


@played
async def test_what_is_reserved_elsewhere_is_seen_on_every_page(five_seats: Home):
    async with dashboard(five_seats) as board, my_page(five_seats, "kim") as mine:
        await board.turn(3)
        await mine.settle()
        five_seats("reserve", "1", "--customer", "kim")
        await board.shows("    7         1  kim")
        await mine.shows("    7         1  received")
        with five_seats.daemon():
            await board.until(lambda: board.page.row.status == "rejected")
            await mine.until(lambda: mine.page.row.status == "rejected")


@played
async def test_a_pause_is_a_pause_and_what_came_meanwhile_is_there_after_it(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        await one.press("p")
        assert one.heading.endswith("PAUSED")
        before = one.rows()
        five_seats("reserve", "1", "--customer", "kim")
        await one.until(lambda: one.screen.position == 19)
        await one.settle()
        assert one.rows() == before
        await one.press("r", "s", "s")
        await one.settle()
        assert one.rows() == before
        await one.press("p")
        await one.settle()
        assert (one.page.row.id, one.heading.endswith("LIVE")) == (7, True)


@played
async def test_nothing_is_read_for_pages_that_are_not_seen(five_seats: Home):
    kinds = {1: Glance, 2: list, 3: Window, 4: Window, 5: Inside}
    async with dashboard(five_seats) as one:
        for page, kind in kinds.items():
            await one.turn(page)
            one.heard.clear()
            five_seats("reserve", "1", "--customer", "kim")
            await one.until(lambda page=page: one.screen.position == 18 + page)  # type: ignore[misc]
            await one.settle()
            assert {type(answer) for answer in one.answers} == {kind}


@played
async def test_nothing_is_read_while_nothing_happens(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        one.heard.clear()
        beats = 3
        await one.until(lambda: len(one.heard) >= beats)
        assert one.answers == []


@played
async def test_a_half_typed_filter_stays_whatever_comes(five_seats: Home):
    async with dashboard(five_seats) as one:
        page = await one.turn(3)
        await one.press("slash")
        await one.type("ki")
        for number in range(3):
            five_seats("reserve", "1", "--customer", "kim")
            await one.until(lambda number=number: one.screen.position == 19 + number)  # type: ignore[misc]
            await one.settle()
            assert (page.line.text, page.line.input.has_focus) == ("ki", True)
        await one.type("m")
        await one.settle()
        assert [row.id for row in page.listing.window.rows] == [9, 8, 7, 1]
