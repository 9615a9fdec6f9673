"""The screens show who acted and what led to an event."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.domain.airplane import CreateAirplane
from airbook.domain.reservation import CancelReservation
from tests.support.home import Home
from tests.tui.screen import dashboard, played

WIDE, SMALL = (140, 40), (100, 30)


@pytest.fixture
def company(home: Home) -> Home:
    """Return a home with a reservation that `boss` has cancelled after the daemon's decision."""
    with Airbook(home.kept, actor=lambda: "kim") as airbook:
        airbook.execute(CreateAirplane(1))
        airbook.execute(Reserve(1, "lee"))
    home("daemon", "--until-idle")
    with Airbook(home.kept, actor=lambda: "boss") as airbook:
        airbook.execute(CancelReservation(), 1)
    return home


@played
async def test_the_page_of_events_names_the_actors_where_there_is_room(company: Home):
    async with dashboard(company, size=WIDE) as player:
        await player.turn(4)
        await player.until(lambda: len(player.rows()) == 6)
        assert " By " in player.rows()[0]
        assert [row.by for row in player.page.row_list.window.rows] == [
            *("boss", "daemon", "daemon", "kim", "kim")
        ]
        assert "boss" in player.rows()[1]
        assert "by" not in player.page.row_list.shown_columns()
        place = player.rows()[0].index(" By ") + 1
        assert player.page.row_list.column_at(place) is None
    async with dashboard(company, size=SMALL) as player:
        await player.turn(4)
        await player.until(lambda: len(player.rows()) == 6)
        assert " By " not in player.rows()[0]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "cancelled by boss afterwards",
                "by kim airplane=1",
                "by daemon, cause 2 reservation=1",
                "by boss airplane=1",
            ),
        ),
        (
            "ko",
            (
                "취소한 사람: boss",
                "작업자 kim airplane=1",
                "작업자 daemon, 원인 2 reservation=1",
                "작업자 boss airplane=1",
            ),
        ),
    ],
)
@played
async def test_the_detail_of_a_reservation_says_who_acted(
    company: Home, language: str, texts: tuple[str, ...]
):
    async with dashboard(company, language, size=WIDE) as player:
        await player.turn(3)
        await player.until(lambda: player.page.row)
        await player.press("enter")

        def detail() -> str:
            return " ".join(" ".join(player.text(player.page.detail)).split())

        await player.until(lambda: all(text in detail() for text in texts))


@pytest.mark.parametrize(
    ("language", "by", "cause"), [("en", "By", "Cause"), ("ko", "작업자", "원인")]
)
@played
async def test_the_detail_of_an_event_has_its_actor_and_its_cause(
    company: Home, language: str, by: str, cause: str
):
    async with dashboard(company, language, size=WIDE) as player:
        await player.turn(4)
        await player.until(lambda: len(player.rows()) == 6)
        await player.press("down", "enter")

        def fields() -> list[list[str]]:
            return [line.split()[:2] for line in player.text(player.page.detail)]

        await player.until(lambda: [by, "daemon"] in fields() and [cause, "2"] in fields())


@played
async def test_events_are_filtered_by_their_actor(company: Home):
    async with dashboard(company) as player:
        await player.turn(4)
        await player.press("/")
        await player.type("by:dae")
        await player.until(
            lambda: [one.position for one in player.page.row_list.window.rows] == [4, 3]
        )
