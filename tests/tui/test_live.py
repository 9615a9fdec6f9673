"""New events are shown at most ten times a second, and only the visible page is read."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import asyncio
import time

import pytest

from airbook.application.commands import Order, Reserve
from airbook.application.paging import Window
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.tui.pages.overview import OverviewData
from airbook.tui.pages.system import SystemData
from airbook.tui.widgets.detail import SubjectHistory
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import of_airplane, of_reservation, record
from tests.tui.screen import WIDE, dashboard, my_page, played
from tests.tui.stores import open_airbook

MANY = 2_000


def commit(home: Home, seconds: float) -> None:
    """Commit events ten at a time, spread evenly over at least this many seconds."""
    began = time.monotonic()
    with open_airbook(home) as airbook:
        for number in range(0, MANY, 10):
            airbook.execute_all([Order(Reserve(1, f"customer {number}")) for _ in range(10)])
            time.sleep(max(0.0, began + seconds * number / MANY - time.monotonic()))


@pytest.mark.parametrize(("page", "detailed"), [(1, True), (3, False), (4, True)])
@played
async def test_there_are_at_most_ten_refreshes_a_second(empty: Home, page: int, detailed: bool):
    with open_log(empty.store) as log:
        record(log, *of_airplane(1, AirplaneCreated(seats=5)))
        record(log, *of_reservation(1, ReservationRequested(1, "c")))
    async with dashboard(empty, size=WIDE) as player:
        await player.turn(page)
        await player.press(*(["enter"] if detailed else []))
        await player.settle()
        player.answered.clear()
        began = time.monotonic()
        await asyncio.to_thread(commit, empty, 3.0)
        await player.learns(MANY + 2)
        seconds = time.monotonic() - began
        refreshes = [one for one in player.answers if isinstance(one, Window | OverviewData)]
        assert 2 < len(refreshes) <= 10 * seconds + 2
        histories = [one for one in player.answers if isinstance(one, SubjectHistory)]
        assert len(histories) <= 10 * seconds + 2


@played
async def test_a_reservation_of_another_process_appears_on_every_page(five_seats: Home):
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
async def test_a_pause_freezes_the_page_until_it_ends(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        await player.press("p")
        assert player.heading.endswith("screen: PAUSED")
        before = player.rows()
        five_seats("reserve", "1", "--customer", "kim")
        await player.learns(19)
        assert player.rows() == before
        await player.press("r")
        for _ in range(2):  # the second time reverses the order again
            player.page.sort("id")
            await player.settle()
        assert player.rows() == before
        await player.press("p")
        await player.settle()
        assert (player.page.row.id, player.heading.endswith("screen: live")) == (7, True)


@played
async def test_only_the_visible_page_is_read(five_seats: Home):
    kinds = {1: OverviewData, 2: list, 3: Window, 4: Window, 5: SystemData}
    async with dashboard(five_seats) as player:
        for page, kind in kinds.items():
            await player.turn(page)
            player.answered.clear()
            five_seats("reserve", "1", "--customer", "kim")
            await player.learns(18 + page)
            assert {type(answer) for answer in player.answers} == {kind}


@played
async def test_nothing_is_read_while_the_log_does_not_grow(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        player.answered.clear()
        beats = 3
        await player.until(lambda: len(player.answered) >= beats)
        assert player.answers == []


@played
async def test_a_half_typed_filter_stays_while_the_log_grows(five_seats: Home):
    async with dashboard(five_seats) as player:
        page = await player.turn(3)
        await player.press("slash")
        await player.type("ki")
        for number in range(3):
            five_seats("reserve", "1", "--customer", "kim")
            await player.learns(19 + number)
            assert (page.filter_line.text, page.filter_line.input.has_focus) == ("ki", True)
        await player.type("m")
        await player.settle()
        assert [row.id for row in page.row_list.window.rows] == [9, 8, 7, 1]
