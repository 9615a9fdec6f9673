"""Looking back: every page shows the past, and nothing can be changed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.event_responses import event_response
from airbook.application.explain import why
from airbook.application.text.formatting import CODES
from airbook.application.text.labels import Labels
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import CancelReservation
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.screens.my_page import MyPage
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record
from tests.tui.player import Player
from tests.tui.screen import WIDE, dashboard, my_page, played
from tests.tui.stores import open_airbook

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)
POSITIONS = (0, 1, 4, 7, 9, HEAD, None)
ENGLISH = Labels("en")
GIVING = {"Add", "Reserve", "Seats", "Close", "Open", "Cancel", "Try again", "Drop", "Undo"}


@pytest.fixture
def story(five_seats: Home) -> Home:
    """Add an airplane after the story, and cancel a reservation."""
    with open_log(five_seats.store) as log:
        record(log, *of_airplane(2, AirplaneCreated(seats=7, name="HL7777")))
    with open_airbook(five_seats) as airbook:
        airbook.execute(CancelReservation(), 2)
    return five_seats


def rows(player: Player[Any]) -> Sequence[Any]:
    return player.page.row_list.window.rows


async def at(player: Player[Any], position: int | None) -> None:
    player.screen.as_of = position
    await player.settle()


def then(home: Home, question: Callable[[Airbook], Any]) -> Any:  # noqa: ANN401 -- any answer
    with open_airbook(home) as airbook:
        return question(airbook)


@played
async def test_every_page_shows_the_past(story: Home):
    async with dashboard(story, size=WIDE) as player:
        for page in range(1, 5):
            await player.turn(page)
            for position in (*POSITIONS, HEAD + 1):
                await at(player, position)
                answers: dict[int, Callable[[Airbook], Any]] = {
                    1: lambda airbook, p=position: airbook.queries.airplanes(as_of=p),  # type: ignore[misc]
                    2: lambda airbook, p=position: airbook.queries.airplanes(as_of=p),  # type: ignore[misc]
                    3: lambda airbook, p=position: airbook.queries.reservations(as_of=p)[::-1],  # type: ignore[misc]
                    4: lambda airbook, p=position: [*map(event_response, airbook.log.after(0)[:p])][
                        ::-1
                    ],  # type: ignore[misc]
                }
                assert list(rows(player)) == then(story, answers[page]), (page, position)
                assert player.rows()[1:] or position == 0


@played
async def test_the_counts_are_of_the_past(story: Home):
    async with dashboard(story, size=WIDE) as player:
        for position in POSITIONS:
            await at(player, position)
            status = then(story, lambda airbook, p=position: airbook.queries.status(as_of=p))  # type: ignore[misc]
            for code, count in status.reservations.items():
                assert f"{count:>7}  {CODES[code]}" in player.display
            reasons = then(story, lambda airbook, p=position: airbook.queries.rejections(as_of=p))  # type: ignore[misc]
            for code, count in reasons.items():
                assert f"{count:>7}  {CODES[code]}" in player.display


@played
async def test_the_detail_is_of_the_past(story: Home):
    async with dashboard(story, size=WIDE) as player:
        await player.turn(3)
        await player.press("end", "k", "enter")
        for position in POSITIONS[3:]:
            await at(player, position)
            sentence = then(story, lambda a, p=position: why(a, 2, ENGLISH, as_of=p).sentence)  # type: ignore[misc]
            await player.until(lambda s=sentence: s in text_of_detail(player))  # type: ignore[misc]


def text_of_detail(player: Player[Any]) -> str:
    """Return the visible text of the detail, in one line."""
    return " ".join(line.strip() for line in player.text(player.page.detail))


@played
async def test_my_page_shows_the_past(story: Home):
    async with my_page(story, "kim") as player:
        for position in POSITIONS:
            await at(player, position)
            mine = then(
                story,
                lambda airbook, p=position: airbook.queries.reservations(customer="kim", as_of=p),  # type: ignore[misc]
            )
            assert list(rows(player)) == mine


@played
async def test_the_past_is_marked_and_one_key_leads_back(story: Home):
    async with dashboard(story) as player:
        assert player.heading.endswith("screen: live")
        await player.press("t", "left")
        await player.settle()
        assert "AS OF 19, 2026-11-22 09:00:00  read-only" in player.heading
        assert player.screen.heading.has_class("-past")
        await player.press("b")
        await player.settle()
        assert player.heading.endswith("screen: live")
        assert not player.screen.heading.has_class("-past")
        assert (player.screen.slider.display, player.screen.focused) == (
            False,
            player.page.row_list,
        )


@played
async def test_new_events_appear_after_the_return_to_the_present(story: Home):
    async with dashboard(story) as player:
        await player.turn(3)
        await player.press("t", "home")
        await player.settle()
        story("reserve", "2", "--customer", "kim")
        await player.learns(HEAD + 3)
        assert rows(player) == []
        await player.press("b")
        await player.settle()
        assert [row.id for row in rows(player)] == [7, 6, 5, 4, 3, 2, 1]


async def assert_nothing_is_given(player: Player[Dashboard] | Player[MyPage], reason: str) -> None:
    for page in range(1, 6):
        await player.press(str(page))
        player.page.row_list.focus()
        for key in ("a", "n", "e", "c", "x", "R", "D", "u"):
            await player.press(key)
            await player.settle()
            assert player.app.screen is player.screen, (page, key)
            assert set(player.notices) <= {reason}, (page, key)
        await player.press("ctrl+p")
        assert not set(player.offers) & GIVING, page
        await player.press("escape")


@played
async def test_nothing_is_changed_in_the_past(story: Home):
    async with dashboard(story) as player:
        await at(player, 9)
        await assert_nothing_is_given(player, "This is the past: press b to come back to now.")
        await player.press("colon")
        await player.type("reserve 2")
        await player.press("enter")
        await player.gets_notice("reserve works on the present only: return from the past first.")
    assert then(story, lambda airbook: airbook.log.head()) == HEAD + 2


@played
async def test_nothing_is_changed_on_a_read_only_screen(story: Home):
    async with dashboard(story, read_only=True) as player:
        assert player.heading.endswith("read-only  screen: live")
        await assert_nothing_is_given(player, "Here one can only look.")
        await player.press("colon")
        await player.type("reserve 2")
        await player.press("enter")
        await player.gets_notice("reserve changes the store, and this screen is read-only.")
    async with my_page(story, "kim", read_only=True) as player:
        await assert_nothing_is_given(player, "Here one can only look.")
    assert then(story, lambda airbook: airbook.log.head()) == HEAD + 2
