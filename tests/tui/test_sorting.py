"""Every column of every list sorts, by a key and by a click on its heading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airbook.eventlog.selection import SortOrder
from airbook.tui.widgets.sorting import clicked_order, next_order
from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import WIDE, dashboard, my_page, played
from tests.tui.stores import park

RESERVATIONS = (
    "id",
    "airplane",
    "customer",
    "status",
    "seat",
    "reason",
    "received_at",
    "decided_at",
)
KEYS_OF_PAGES = {
    1: ("id", "name", "seats", "pending", "left", "status"),
    2: ("id", "name", "seats", "taken", "pending", "left", "status"),
    3: RESERVATIONS,
    4: ("position", "at", "stream", "type", "data"),
    5: ("reservation", "state", "position", "at", "error"),
}
# The reservations in the order of each column, ascending; those without a value are the last ones.
BY_COLUMN = {
    "airplane": [1, 2, 3, 4, 5, 6, 7],
    "customer": [4, 5, 6, 1, 7, 2, 3],
    "status": [1, 2, 3, 4, 5, 7, 6],
    "seat": [1, 2, 3, 4, 5, 6, 7],
    "reason": [6, 1, 2, 3, 4, 5, 7],
    "received_at": [1, 2, 3, 4, 5, 6, 7],
    "decided_at": [1, 2, 3, 4, 5, 6, 7],
}
MISSING = {"seat": {6, 7}, "reason": {1, 2, 3, 4, 5, 7}, "decided_at": {7}}


def reversed_but_missing(column: str, numbers: list[int]) -> list[int]:
    missing = MISSING.get(column, set())
    found = [number for number in numbers if number not in missing]
    return found[::-1] + [number for number in numbers[::-1] if number in missing]


def numbers(player: Player[Any]) -> list[int]:
    page = player.page
    return [getattr(row, page.KEY) for row in page.row_list.window.rows]


def marks(player: Player[Any]) -> Mapping[str, str]:
    """Return the marks that the heading of a list shows, by the column that it is sorted by."""
    words = player.rows()[0].split()
    return {player.page.row_list.order.column: "".join(one for one in words if one in {"^", "v"})}


def test_a_key_reverses_the_order_and_then_takes_the_next_column() -> None:
    first = SortOrder("id", descending=True)
    order, columns = first, list[tuple[str, bool]]()
    for _ in range(6):
        order = next_order(order, ("id", "name"), first)
        columns.append(order)
    assert columns == [
        *(("id", False), ("name", False), ("name", True)),
        *(("id", True), ("id", False), ("name", False)),
    ]
    assert next_order(SortOrder("gone", descending=False), ("id", "name"), first) == first


def test_a_click_takes_the_column_and_then_reverses_the_order() -> None:
    first = SortOrder("id", descending=True)
    order = clicked_order(first, "name", first)
    assert order == ("name", False)
    assert clicked_order(order, "name", first) == ("name", True)
    assert clicked_order(order, "id", first) == first
    assert clicked_order(first, "id", first) == ("id", False)


@played
async def test_reservations_are_sorted_by_every_column(five_seats: Home):
    five_seats("reserve", "2", "--customer", "Kim ha neul")
    async with dashboard(five_seats, size=WIDE) as player:
        page = await player.turn(3)
        await player.press("s")
        await player.settle()
        assert (numbers(player), marks(player)) == ([1, 2, 3, 4, 5, 6, 7], {"id": "^"})
        for column, expected in BY_COLUMN.items():
            await player.press("s")
            await player.settle()
            assert (column, numbers(player), marks(player)) == (column, expected, {column: "^"})
            await player.press("s")
            await player.settle()
            backwards = reversed_but_missing(column, expected)
            assert (column, numbers(player), marks(player)) == (column, backwards, {column: "v"})
        await player.press("s")
        await player.settle()
        assert (page.row_list.order, numbers(player)[0]) == (page.first_order, 7)


@played
async def test_every_page_sorts_by_every_visible_column(five_seats: Home):
    park(five_seats, (3, 4, "It cannot be settled"), (5, 6, "Nor can this"))
    async with dashboard(five_seats, size=WIDE) as player:
        for number, columns in KEYS_OF_PAGES.items():
            page = await player.turn(number)
            rows = sorted(numbers(player))
            for column in columns:
                for descending in (column == page.KEY and page.NEWEST_FIRST, None):
                    order = page.row_list.order
                    assert order.column == column
                    assert descending in (None, order.descending)
                    assert marks(player) == {column: "v" if order.descending else "^"}
                    assert sorted(numbers(player)) == rows
                    await player.press("s")
                    await player.settle()
            assert page.row_list.order == page.first_order


@played
async def test_a_click_on_any_heading_sorts(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        page = await player.turn(3)
        for column in (*RESERVATIONS[1:], "id"):
            heading = next(one for one in page.COLUMNS if one.name == column)
            place = player.text(page.row_list)[0].index(heading.heading(player.screen.label))
            await player.pilot.click(page.row_list, (place + 1, 0))
            await player.settle()
            assert page.row_list.order == SortOrder(column, descending=column == "id")
        await player.pilot.click(page.row_list, (WIDE[0] - 3, 0))
        await player.settle()
        assert page.row_list.order.column == "decided_at"


@played
async def test_events_are_sorted_by_every_column(five_seats: Home):
    expected = {
        "stream": [1, 8, 10, 12, 14, 16, 2, 9, 3, 11, 4, 13, 5, 15, 6, 17, 7, 18],
        "type": [1, 9, 11, 13, 15, 17, 18, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16],
        "data": [2, 3, 4, 5, 6, 7, 18, 9, 11, 13, 15, 17, 8, 10, 12, 14, 16, 1],
    }
    async with dashboard(five_seats, size=WIDE) as player:
        page = await player.turn(4)
        for column, positions in expected.items():
            page.sort(column)
            await player.settle()
            assert (column, numbers(player)) == (column, positions)
            page.sort(column)
            await player.settle()
            assert (column, numbers(player)) == (column, positions[::-1])


@played
async def test_commands_act_on_the_row_under_the_cursor_in_every_order(five_seats: Home):
    async with my_page(five_seats, "kim", size=WIDE) as player:
        five_seats("reserve", "1", "--customer", "kim")
        await player.learns(19)
        page = player.page
        page.sort("status")
        await player.settle()
        assert numbers(player) == [1, 7]
        await player.press("j", "x")
        await player.shows("Cancel this reservation? 7")
        await player.press("escape", "y")
        await player.gets_notice("Copied: 7")
        await player.press("enter")
        await player.shows("Reservation 7 is pending: it is not decided yet.")


@played
async def test_the_cursor_stays_on_its_row_when_the_order_and_the_rows_change(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        page = await player.turn(3)
        await player.press("j", "j", "j")
        assert page.row.id == 3
        for column in RESERVATIONS[::-1]:
            page.sort(column)
            await player.settle()
            assert (column, page.row.id) == (column, 3)
        page.sort("customer")
        await player.settle()
        five_seats("reserve", "1", "--customer", "adam")
        await player.learns(19)
        assert (page.row.id, page.row_list.cursor) == (3, 6)
