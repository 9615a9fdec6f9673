"""What a dashboard does no more than once: mount a page, parse styles, find the style of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from rich.style import Style
from textual.css.model import RuleSet
from textual.css.parse import parse

from airbook.tui.widgets.table import Table
from tests.support.home import Home
from tests.tui import screen
from tests.tui.player import Player
from tests.tui.screen import dashboard, played


def mounted(player: Player[Any]) -> list[str | None]:
    """List the ids of the pages that have widgets."""
    return [page.id for page in player.screen.switcher.children]


@played
async def test_a_page_is_mounted_when_it_is_shown_for_the_first_time(five_seats: Home):
    async with dashboard(five_seats) as player:
        assert mounted(player) == ["overview"]
        reservations = await player.turn(3)
        await player.turn(1)
        assert await player.turn(3) is reservations
        assert mounted(player) == ["overview", "reservations"]


@played
async def test_pages_that_are_requested_at_once_are_mounted_once(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.hurry("4", "3", "4", "5", "3")
        await player.settle()
        assert mounted(player) == ["overview", "events", "reservations", "system"]
        assert player.page.id == "reservations"


@pytest.mark.parametrize("keys", [("4", "q"), ("q", "4"), ("4", "q", "3")], ids=" ".join)
@played
async def test_a_page_is_requested_while_the_program_ends(five_seats: Home, keys: Iterable[str]):
    async with dashboard(five_seats) as player:
        await player.hurry(*keys)
        assert (player.app.fault, player.app.return_code) == (None, 0)


@played
async def test_all_styles_are_parsed_once(five_seats: Home, monkeypatch: pytest.MonkeyPatch):
    parsed = Counter[str]()

    def counted(*source: Any, **options: Any) -> Iterable[RuleSet]:  # noqa: ANN401 -- as of Textual
        parsed[str(source[:2])] += 1
        return parse(*source, **options)

    monkeypatch.setattr("textual.css.stylesheet.parse", counted)
    monkeypatch.setattr(screen, "PARSED", {})
    async with dashboard(five_seats) as player:
        await player.settle()
        assert {source: count for source, count in parsed.items() if count > 1} == {}
        assert len(parsed) > 10


@played
async def test_the_style_of_rows_is_found_once_for_all_lines(
    five_seats: Home, monkeypatch: pytest.MonkeyPatch
):
    found = list[str | None]()

    def noted(table: Table) -> Style:
        found.append(table.id)
        return super(Table, table).rich_style

    async with dashboard(five_seats) as player:
        page = await player.turn(3)
        rows = player.rows()
        monkeypatch.setattr(Table, "rich_style", property(noted), raising=False)
        page.row_list.refresh()
        await player.rest()
        assert player.rows() == rows
        assert found == ["reservations-list"]
