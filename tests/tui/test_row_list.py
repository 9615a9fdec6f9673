"""A list: its cursor stays with its row and its place, whatever comes and goes around it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from airbook.application.airbook import Airbook, Request
from airbook.application.stores import SQLiteStore
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationApproved, ReservationRequested
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from airbook.tui.pages.pane import Pane
from airbook.tui.widgets import detail
from tests.cli.play import Home
from tests.support.stores import open_log
from tests.support.stories import of_airplane, of_reservation, record
from tests.tui.screen import WIDE, Player, dashboard, played


def reserve(home: Home, count: int) -> None:
    """Request seats for one after the other, in one commit."""
    with Airbook(SQLiteStore(home.store)) as airbook:
        airbook.reserve_all([Request(1, f"customer {n}") for n in range(count)])


def approve(home: Home, *numbers: int) -> None:
    with open_log(home.store) as log:
        record(log, *(of_reservation(n, ReservationApproved(1, seat=n))[0] for n in numbers))


def place_of(one: Player, number: int) -> int:  # type: ignore[type-arg]
    """Tell on which line of the screen a row stands."""
    return next(y for y, line in enumerate(one.lines) if line.split()[:1] == [str(number)])


async def grown_to(one: Player, total: int) -> None:  # type: ignore[type-arg]
    await one.until(lambda: one.page.listing.window.total == total)
    await one.settle()


async def waiting(one: Player) -> Pane:  # type: ignore[type-arg]
    """Turn to the reservations that wait, the oldest first."""
    page = await one.turn(3)
    await one.press("s")
    await one.settle()
    page.line.open()
    await one.type("received")
    await one.press("enter")
    await one.settle()
    return page


@played
async def test_the_cursor_stays_with_its_row_and_its_place_while_others_come_above(
    empty: Home,
):
    reserve(empty, 100)
    async with dashboard(empty) as one:
        listing = (await one.turn(3)).listing
        await one.press("pagedown", "pagedown", "up", "up")
        await one.settle()
        number, place = listing.row.id, place_of(one, listing.row.id)
        for total in (101, 131, 132):
            reserve(empty, total - listing.window.total)
            await grown_to(one, total)
            assert (listing.row.id, place_of(one, number)) == (number, place)


@played
async def test_rows_that_are_only_looked_at_stay_too(empty: Home):
    reserve(empty, 100)
    async with dashboard(empty) as one:
        listing = (await one.turn(3)).listing
        listing.scroll_to(y=30, animate=False)
        await one.settle()
        before = one.rows()[1:]
        assert before[0].split()[0] == "70"
        reserve(empty, 40)
        await grown_to(one, 140)
        assert one.rows()[1:] == before


@played
async def test_the_cursor_stays_with_its_row_out_of_sight(empty: Home):
    reserve(empty, 60)
    async with dashboard(empty) as one:
        page = await waiting(one)
        await one.press(*["j"] * 5)
        assert page.row.id == 6
        page.listing.scroll_to(y=20, animate=False)
        await one.settle()
        approve(empty, 10, 11, 12)
        await grown_to(one, 57)
        page.listing.scroll_to(y=0, animate=False)
        await one.settle()
        assert page.row.id == 6


@played
async def test_the_cursor_stays_with_its_row_while_others_vanish(empty: Home):
    reserve(empty, 60)
    async with dashboard(empty) as one:
        page = await waiting(one)
        await one.press("pagedown", "pagedown")
        await one.settle()
        number, place = page.row.id, place_of(one, page.row.id)
        approve(empty, 1, 2, number + 3)
        await grown_to(one, 57)
        assert (page.row.id, place_of(one, number)) == (number, place)
        approve(empty, number)
        await grown_to(one, 56)
        assert page.row.id == number + 1


@played
async def test_whoever_stands_at_the_top_sees_what_is_new(empty: Home):
    reserve(empty, 50)
    async with dashboard(empty) as one:
        listing = (await one.turn(3)).listing
        reserve(empty, 30)
        await grown_to(one, 80)
        assert (listing.row.id, listing.cursor, one.rows()[1].split()[0]) == (80, 0, "80")


@played
async def test_whoever_reads_about_the_top_row_goes_on_reading_about_it(empty: Home):
    reserve(empty, 50)
    async with dashboard(empty, size=WIDE) as one:
        page = await one.turn(3)
        await one.press("enter")
        await one.shows("Reservation 50 waits for a decision.")
        reserve(empty, 30)
        await grown_to(one, 80)
        assert page.row.id == 50
        await one.shows("Reservation 50 waits for a decision.")


@played
async def test_an_airplane_that_much_has_happened_to_says_what_is_left_out(
    five_seats: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(detail, "MOST_FACTS", 2)
    async with dashboard(five_seats, size=WIDE) as one:
        await one.turn(2)
        await one.press("enter")
        await one.shows("SeatAssigned", "4 earlier events: page 4, filter airplane-1")


@played
async def test_the_cursor_stays_with_an_airplane_however_they_are_sorted(empty: Home):
    with open_log(empty.store) as log:
        for number, seats in enumerate((30, 20, 10), 1):
            record(log, *of_airplane(number, AirplaneCreated(seats, name=f"HL{number}")))
    async with dashboard(empty) as one:
        page = await one.turn(2)
        await one.press("j")
        orders = list[list[int]]()
        for _ in range(6):
            orders.append([row.id for row in page.listing.window.rows])
            assert page.row.id == 2
            await one.press("s")
            await one.settle()
        assert orders == [[1, 2, 3], [3, 2, 1], [1, 2, 3], [3, 2, 1], [3, 2, 1], [1, 2, 3]]
        empty("admin", "add-plane", "--seats", "25")
        await grown_to(one, 4)
        assert page.row.id == 2


@played
async def test_a_heading_that_is_clicked_sorts_and_once_more_turns_round(empty: Home):
    with open_log(empty.store) as log:
        for number, seats in enumerate((10, 30, 20), 1):
            record(log, *of_airplane(number, AirplaneCreated(seats)))
    async with dashboard(empty) as one:
        page = await one.turn(2)
        for orders in ([1, 3, 2], [2, 3, 1]):
            line = one.text(page.listing)[0]
            await one.pilot.click(page.listing, (line.index("Seats") + 1, 0))
            await one.settle()
            assert [row.id for row in page.listing.window.rows] == orders
        await one.turn(3)
        await one.pilot.click(one.page.listing, (3, 0))
        await one.settle()
        assert not one.page.listing.newest_first


@played
async def test_a_click_goes_to_a_row_and_a_second_one_explains_it(five_seats: Home):
    async with dashboard(five_seats) as one:
        page = await one.turn(3)
        await one.pilot.click(page.listing, (10, 3))
        await one.until(lambda: page.row.id == 4)
        assert not page.detail.display
        await one.pilot.double_click(page.listing, (10, 6))
        await one.shows("Reservation 1 was approved: 0 of 5 seats of airplane 1 were taken")
        await one.pilot.click(page.listing, (10, 8))
        assert page.row.id == 1


@played
async def test_hangul_is_two_cells_wide_and_columns_stand_below_their_headings(empty: Home):
    names = ("kim", "김하늘", "홍길동전우치", "a김b나c")
    with open_log(empty.store) as log:
        for number, name in enumerate(names, 1):
            log.recorder.write(Rows(customers=[Customer(f"c{number}", name)]))
            record(log, *of_reservation(number, ReservationRequested(1, f"c{number}")))
    for language, heading in (("en", "Status"), ("ko", "상태")):
        async with dashboard(empty, language, size=WIDE) as one:
            await one.turn(3)
            first, *lines = one.rows()
            status = one.screen.label("received")
            wanted = cell_len(first[: first.index(heading)])
            assert [cell_len(line[: line.index(status)]) for line in lines] == [wanted] * 4
            assert [line.split()[2] for line in lines] == list(names[::-1])


@played
async def test_a_list_says_when_there_is_nothing_in_it(empty: Home):
    sentences = {
        1: "There are no airplanes yet: add one.",
        2: "There are no airplanes yet: add one.",
        3: "There are no reservations here: make one.",
        4: "There are no events here.",
        5: "Nothing is parked.",
    }
    async with dashboard(empty) as one:
        for number, sentence in sentences.items():
            await one.turn(number)
            assert one.rows()[1:] == [f" {sentence}"]
