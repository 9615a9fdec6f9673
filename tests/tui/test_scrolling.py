"""Lists of any length: only the visible rows and a page on either side are read."""

from __future__ import annotations

from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import SMALL, dashboard, my_page, played
from tests.tui.stores import open_airbook, reserve_all

MANY = 10_000


def fill(home: Home, count: int, customer: str = "") -> None:
    reserve_all(home, (customer or f"customer {n % 100}" for n in range(count)))
    with open_airbook(home) as airbook:
        airbook.queries.catch_up()


def ids(player: Player) -> list[int]:  # type: ignore[type-arg]
    return [int(line.split()[0]) for line in player.rows()[1:]]


@played
async def test_only_the_visible_rows_and_a_page_on_either_side_are_read(empty: Home):
    fill(empty, MANY)
    async with dashboard(empty) as player:
        row_list = (await player.turn(3)).row_list
        page = row_list.size.height - 1
        player.answered.clear()
        assert ids(player) == list(range(MANY, MANY - page, -1))
        for place in (1_000, 5_000, 5_010, 9_990, 0):
            row_list.scroll_to(y=place, animate=False)
            await player.settle()
            top = MANY - min(place, MANY - page)
            assert ids(player) == list(range(top, top - page, -1))
        await player.press("end")
        await player.settle()
        assert (row_list.row.id, ids(player)) == (1, list(range(page, 0, -1)))
        await player.press("home")
        await player.settle()
        assert (row_list.row.id, ids(player)) == (MANY, list(range(MANY, MANY - page, -1)))
        assert all(len(window.rows) <= 3 * page for window in player.windows())
        assert sum(len(window.rows) for window in player.windows()) <= 2 * 7 * 3 * page


@played
async def test_the_cursor_goes_through_a_list_without_a_gap(empty: Home):
    fill(empty, 300)
    async with dashboard(empty) as player:
        row_list = (await player.turn(3)).row_list
        visited = list[int]()
        while row_list.cursor < 299:
            await player.hurry(*["j"] * 10)
            await player.settle()
            assert (row_list.row.id, row_list.row.id in ids(player)) == (
                300 - row_list.cursor,
                True,
            )
            visited += ids(player)
        assert set(visited) == set(range(1, 301))


@played
async def test_the_log_is_read_by_windows_too(empty: Home):
    fill(empty, MANY)
    async with dashboard(empty) as player:
        row_list = (await player.turn(4)).row_list
        await player.press("end")
        await player.settle()
        assert row_list.row.position == 1
        assert ids(player) == list(range(row_list.size.height - 1, 0, -1))
        assert all(len(window.rows) <= 3 * SMALL[1] for window in player.windows())


@played
async def test_nothing_is_read_again_while_the_visible_rows_are_held(empty: Home):
    fill(empty, 300)
    async with dashboard(empty) as player:
        await player.turn(3)
        await player.settle()
        player.answered.clear()
        await player.press(*["j"] * 10, *["k"] * 5)
        await player.settle()
        assert player.windows() == []


@played
async def test_my_page_is_read_by_windows(empty: Home):
    fill(empty, 500, "kim")
    fill(empty, 500, "lee")
    async with my_page(empty, "kim") as player:
        await player.settle()
        await player.press("end")
        await player.settle()
        assert player.page.row.id == 1
        assert {row.customer for window in player.windows() for row in window.rows} == {"kim"}
        assert all(window.total == 500 for window in player.windows())


@played
async def test_a_larger_screen_shows_more_rows(empty: Home):
    fill(empty, 300)
    async with dashboard(empty) as player:
        await player.turn(3)
        before = len(ids(player))
        await player.pilot.resize_terminal(200, 60)
        await player.settle()
        assert len(ids(player)) == before + 36
        await player.pilot.resize_terminal(80, 24)
        await player.settle()
        assert len(ids(player)) == before


@played
async def test_the_row_number_of_the_cursor_is_displayed(empty: Home):
    fill(empty, 1_200)
    async with dashboard(empty) as player:
        row_list = (await player.turn(3)).row_list
        await player.shows("1/1,200")
        await player.press("j", "j")
        await player.shows("3/1,200")
        await player.press("end")
        await player.shows("1,200/1,200")
        await player.press("slash")
        await player.type("received")
        await player.press("enter", "home")
        await player.shows("1/1,200")
        await player.turn(5)
        await player.hides("/1,200")
        assert row_list.count == "1/1,200"
