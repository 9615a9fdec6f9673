"""A list: the cursor stays on its row and place while other rows come and go."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationApproved, ReservationRequested
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from airbook.eventlog.selection import SortOrder
from airbook.tui.pages.page import Page
from airbook.tui.widgets import detail
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import of_airplane, of_reservation, record
from tests.tui.player import Player
from tests.tui.screen import WIDE, dashboard, played
from tests.tui.stores import reserve_all


def reserve(home: Home, count: int) -> None:
    reserve_all(home, (f"customer {n}" for n in range(count)))


def approve(home: Home, *numbers: int) -> None:
    with open_log(home.store) as log:
        record(log, *(of_reservation(n, ReservationApproved(1, seat=n))[0] for n in numbers))


def place_of(player: Player, number: int) -> int:  # type: ignore[type-arg]
    """Return the line of the screen on which a row is displayed."""
    return next(y for y, line in enumerate(player.lines) if line.split()[:1] == [str(number)])


async def has_rows(player: Player, total: int) -> None:  # type: ignore[type-arg]
    await player.until(lambda: player.page.row_list.window.total == total)
    await player.settle()


async def turn_to_received(player: Player) -> Page:  # type: ignore[type-arg]
    """Show the reservations that are received, the oldest first."""
    page = await player.turn(3)
    await player.press("s")
    await player.settle()
    page.filter_line.open()
    await player.type("received")
    await player.press("enter")
    await player.settle()
    return page


@played
async def test_the_cursor_stays_on_its_row_and_place_while_rows_come_above(
    empty: Home,
):
    reserve(empty, 100)
    async with dashboard(empty) as player:
        row_list = (await player.turn(3)).row_list
        await player.press("pagedown", "pagedown", "up", "up")
        await player.settle()
        number, place = row_list.row.id, place_of(player, row_list.row.id)
        for total in (101, 131, 132):
            reserve(empty, total - row_list.window.total)
            await has_rows(player, total)
            assert (row_list.row.id, place_of(player, number)) == (number, place)


@played
async def test_visible_rows_stay_while_the_cursor_is_elsewhere(empty: Home):
    reserve(empty, 100)
    async with dashboard(empty) as player:
        row_list = (await player.turn(3)).row_list
        row_list.scroll_to(y=30, animate=False)
        await player.settle()
        before = player.rows()[1:]
        assert before[0].split()[0] == "70"
        reserve(empty, 40)
        await has_rows(player, 140)
        assert player.rows()[1:] == before


@played
async def test_the_cursor_stays_on_its_row_while_that_is_not_visible(empty: Home):
    reserve(empty, 60)
    async with dashboard(empty) as player:
        page = await turn_to_received(player)
        await player.press(*["j"] * 5)
        assert page.row.id == 6
        page.row_list.scroll_to(y=20, animate=False)
        await player.settle()
        approve(empty, 10, 11, 12)
        await has_rows(player, 57)
        page.row_list.scroll_to(y=0, animate=False)
        await player.settle()
        assert page.row.id == 6


@played
async def test_the_cursor_stays_on_its_row_while_others_go(empty: Home):
    reserve(empty, 60)
    async with dashboard(empty) as player:
        page = await turn_to_received(player)
        await player.press("pagedown", "pagedown")
        await player.settle()
        number, place = page.row.id, place_of(player, page.row.id)
        approve(empty, 1, 2, number + 3)
        await has_rows(player, 57)
        assert (page.row.id, place_of(player, number)) == (number, place)
        approve(empty, number)
        await has_rows(player, 56)
        assert page.row.id == number + 1


@played
async def test_the_top_of_the_list_shows_new_rows(empty: Home):
    reserve(empty, 50)
    async with dashboard(empty) as player:
        row_list = (await player.turn(3)).row_list
        reserve(empty, 30)
        await has_rows(player, 80)
        assert (row_list.row.id, row_list.cursor, player.rows()[1].split()[0]) == (80, 0, "80")


@played
async def test_an_open_detail_of_the_top_row_stays(empty: Home):
    reserve(empty, 50)
    async with dashboard(empty, size=WIDE) as player:
        page = await player.turn(3)
        await player.press("enter")
        await player.shows("Reservation 50 is pending: it is not decided yet.")
        reserve(empty, 30)
        await has_rows(player, 80)
        assert page.row.id == 50
        await player.shows("Reservation 50 is pending: it is not decided yet.")


@played
async def test_the_detail_counts_the_events_that_it_does_not_list(
    five_seats: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(detail, "MOST_EVENTS", 2)
    async with dashboard(five_seats, size=WIDE) as player:
        await player.turn(2)
        await player.press("enter")
        await player.shows("SeatAssigned", "4 earlier events: page 4, filter airplane-1")


@played
async def test_the_cursor_stays_on_an_airplane_in_every_order(empty: Home):
    with open_log(empty.store) as log:
        for number, seats in enumerate((30, 20, 10), 1):
            record(log, *of_airplane(number, AirplaneCreated(seats, name=f"HL{number}")))
    async with dashboard(empty) as player:
        page = await player.turn(2)
        await player.press("j")
        orders = list[list[int]]()
        for _ in range(6):
            orders.append([row.id for row in page.row_list.window.rows])
            assert page.row.id == 2
            await player.press("s")
            await player.settle()
        assert orders == [[1, 2, 3], [3, 2, 1], [1, 2, 3], [3, 2, 1], [3, 2, 1], [1, 2, 3]]
        empty("admin", "add-plane", "--seats", "25")
        await has_rows(player, 4)
        assert page.row.id == 2


@played
async def test_a_click_on_a_heading_sorts_and_a_second_one_reverses(empty: Home):
    with open_log(empty.store) as log:
        for number, seats in enumerate((10, 30, 20), 1):
            record(log, *of_airplane(number, AirplaneCreated(seats)))
    async with dashboard(empty) as player:
        page = await player.turn(2)
        for orders in ([1, 3, 2], [2, 3, 1]):
            line = player.text(page.row_list)[0]
            await player.pilot.click(page.row_list, (line.index("Seats") + 1, 0))
            await player.settle()
            assert [row.id for row in page.row_list.window.rows] == orders
        await player.turn(3)
        await player.pilot.click(player.page.row_list, (3, 0))
        await player.settle()
        assert player.page.row_list.order == SortOrder("id", descending=False)


@played
async def test_a_click_moves_the_cursor_and_a_double_click_opens_the_detail(five_seats: Home):
    async with dashboard(five_seats) as player:
        page = await player.turn(3)
        await player.pilot.click(page.row_list, (10, 3))
        await player.until(lambda: page.row.id == 4)
        assert not page.detail.display
        await player.pilot.double_click(page.row_list, (10, 6))
        await player.shows("Reservation 1 was approved: 0 of 5 seats of airplane 1 were taken")
        await player.pilot.click(page.row_list, (10, 8))
        assert page.row.id == 1


@played
async def test_columns_with_hangul_are_aligned_with_their_headings(empty: Home):
    names = ("kim", "김하늘", "홍길동전우치", "a김b나c")
    with open_log(empty.store) as log:
        for number, name in enumerate(names, 1):
            log.insert(Rows(customers=[Customer(f"c{number}", name)]))
            record(log, *of_reservation(number, ReservationRequested(1, f"c{number}")))
    for language, heading in (("en", "Status"), ("ko", "상태")):
        async with dashboard(empty, language, size=WIDE) as player:
            await player.turn(3)
            first, *lines = player.rows()
            status = player.screen.label("received")
            expected = cell_len(first[: first.index(heading)])
            assert [cell_len(line[: line.index(status)]) for line in lines] == [expected] * 4
            assert [line.split()[2] for line in lines] == list(names[::-1])


@played
async def test_an_empty_list_shows_a_sentence(empty: Home):
    sentences = {
        1: "There are no airplanes yet: add one.",
        2: "There are no airplanes yet: add one.",
        3: "There are no reservations here: make one.",
        4: "There are no events here.",
        5: "Nothing is parked.",
    }
    async with dashboard(empty) as player:
        for number, sentence in sentences.items():
            await player.turn(number)
            assert player.rows()[1:] == [f" {sentence}"]
