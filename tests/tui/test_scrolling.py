"""Lists of any length: only what is seen is read, and a little on either side."""

from __future__ import annotations

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.stores.sqlite import SQLiteStore
from tests.cli.play import Home
from tests.tui.screen import SMALL, Player, dashboard, my_page, played

MANY = 10_000


def fill(home: Home, count: int, customer: str = "") -> None:
    with Airbook(SQLiteStore(home.store)) as airbook:
        airbook.execute_all(
            [Order(Reserve(1, customer or f"customer {n % 100}")) for n in range(count)]
        )
        airbook.queries.catch_up()


def ids(one: Player) -> list[int]:  # type: ignore[type-arg]
    return [int(line.split()[0]) for line in one.rows()[1:]]


@played
async def test_only_rows_that_are_seen_and_a_page_around_them_are_read(empty: Home):
    fill(empty, MANY)
    async with dashboard(empty) as one:
        listing = (await one.turn(3)).listing
        page = listing.size.height - 1
        one.heard.clear()
        assert ids(one) == list(range(MANY, MANY - page, -1))
        for place in (1_000, 5_000, 5_010, 9_990, 0):
            listing.scroll_to(y=place, animate=False)
            await one.settle()
            top = MANY - min(place, MANY - page)
            assert ids(one) == list(range(top, top - page, -1))
        await one.press("end")
        await one.settle()
        assert (listing.row.id, ids(one)) == (1, list(range(page, 0, -1)))
        await one.press("home")
        await one.settle()
        assert (listing.row.id, ids(one)) == (MANY, list(range(MANY, MANY - page, -1)))
        assert all(len(window.rows) <= 3 * page for window in one.windows())
        assert sum(len(window.rows) for window in one.windows()) <= 2 * 7 * 3 * page


@played
async def test_a_list_is_walked_through_without_a_gap(empty: Home):
    fill(empty, 300)
    async with dashboard(empty) as one:
        listing = (await one.turn(3)).listing
        seen = list[int]()
        while listing.cursor < 299:
            await one.hurry(*["j"] * 10)
            await one.settle()
            assert (listing.row.id, listing.row.id in ids(one)) == (300 - listing.cursor, True)
            seen += ids(one)
        assert set(seen) == set(range(1, 301))


@played
async def test_the_log_is_read_by_windows_too(empty: Home):
    fill(empty, MANY)
    async with dashboard(empty) as one:
        listing = (await one.turn(4)).listing
        await one.press("end")
        await one.settle()
        assert listing.row.position == 1
        assert ids(one) == list(range(listing.size.height - 1, 0, -1))
        assert all(len(window.rows) <= 3 * SMALL[1] for window in one.windows())


@played
async def test_nothing_is_read_again_while_all_that_is_seen_is_held(empty: Home):
    fill(empty, 300)
    async with dashboard(empty) as one:
        await one.turn(3)
        await one.settle()
        one.heard.clear()
        await one.press(*["j"] * 10, *["k"] * 5)
        await one.settle()
        assert one.windows() == []


@played
async def test_my_page_is_read_by_windows(empty: Home):
    fill(empty, 500, "kim")
    fill(empty, 500, "lee")
    async with my_page(empty, "kim") as one:
        await one.settle()
        await one.press("end")
        await one.settle()
        assert one.page.row.id == 1
        assert {row.customer for window in one.windows() for row in window.rows} == {"kim"}
        assert all(window.total == 500 for window in one.windows())


@played
async def test_a_larger_screen_shows_more_rows(empty: Home):
    fill(empty, 300)
    async with dashboard(empty) as one:
        await one.turn(3)
        before = len(ids(one))
        await one.pilot.resize_terminal(200, 60)
        await one.settle()
        assert len(ids(one)) == before + 36
        await one.pilot.resize_terminal(80, 24)
        await one.settle()
        assert len(ids(one)) == before


@played
async def test_it_is_told_at_which_row_one_is(empty: Home):
    fill(empty, 1_200)
    async with dashboard(empty) as one:
        listing = (await one.turn(3)).listing
        await one.shows("1/1,200")
        await one.press("j", "j")
        await one.shows("3/1,200")
        await one.press("end")
        await one.shows("1,200/1,200")
        await one.press("slash")
        await one.type("received")
        await one.press("enter", "home")
        await one.shows("1/1,200")
        await one.turn(5)
        await one.hides("/1,200")
        assert listing.count == "1/1,200"
