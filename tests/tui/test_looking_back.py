"""Looking back: every page shows what was true then, and nothing can be changed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.explain import why
from airbook.application.paging import event_response
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.text.formatting import CODES
from airbook.application.text.labels import Labels
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import CancelReservation
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.screens.my_page import MyPage
from tests.cli.play import Home
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record
from tests.tui.screen import WIDE, Player, dashboard, my_page, played

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)
POSITIONS = (0, 1, 4, 7, 9, HEAD, None)
ENGLISH = Labels("en")
GIVING = {"Add", "Reserve", "Seats", "Close", "Open", "Cancel", "Try again", "Drop", "Undo"}


@pytest.fixture
def story(five_seats: Home) -> Home:
    """Add an airplane after the story, and give a seat back."""
    with open_log(five_seats.store) as log:
        record(log, *of_airplane(2, AirplaneCreated(seats=7, name="HL7777")))
    with Airbook(SQLiteStore(five_seats.store)) as airbook:
        airbook.execute(CancelReservation(), 2)
    return five_seats


def rows(one: Player[Any]) -> Sequence[Any]:
    return one.page.listing.window.rows


async def at(one: Player[Any], position: int | None) -> None:
    one.screen.as_of = position
    await one.settle()


def then(home: Home, question: Callable[[Airbook], Any]) -> Any:  # noqa: ANN401 -- any answer
    with Airbook(SQLiteStore(home.store)) as airbook:
        return question(airbook)


@played
async def test_every_page_shows_what_was_true_then(story: Home):
    async with dashboard(story, size=WIDE) as one:
        for page in range(1, 5):
            await one.turn(page)
            for position in (*POSITIONS, HEAD + 1):
                await at(one, position)
                answers: dict[int, Callable[[Airbook], Any]] = {
                    1: lambda airbook, p=position: airbook.queries.airplanes(as_of=p),  # type: ignore[misc]
                    2: lambda airbook, p=position: airbook.queries.airplanes(as_of=p),  # type: ignore[misc]
                    3: lambda airbook, p=position: airbook.queries.reservations(as_of=p)[::-1],  # type: ignore[misc]
                    4: lambda airbook, p=position: [*map(event_response, airbook.log.after(0)[:p])][
                        ::-1
                    ],  # type: ignore[misc]
                }
                assert list(rows(one)) == then(story, answers[page]), (page, position)
                assert one.rows()[1:] or position == 0


@played
async def test_the_counts_are_of_then(story: Home):
    async with dashboard(story, size=WIDE) as one:
        for position in POSITIONS:
            await at(one, position)
            status = then(story, lambda airbook, p=position: airbook.queries.status(as_of=p))  # type: ignore[misc]
            for code, count in status.reservations.items():
                assert f"{count:>7}  {CODES[code]}" in one.display
            reasons = then(story, lambda airbook, p=position: airbook.queries.rejections(as_of=p))  # type: ignore[misc]
            for code, count in reasons.items():
                assert f"{count:>7}  {CODES[code]}" in one.display


@played
async def test_what_is_told_of_a_row_is_of_then(story: Home):
    async with dashboard(story, size=WIDE) as one:
        await one.turn(3)
        await one.press("end", "k", "enter")
        for position in POSITIONS[3:]:
            await at(one, position)
            sentence = then(story, lambda a, p=position: why(a, 2, ENGLISH, as_of=p).sentence)  # type: ignore[misc]
            await one.until(lambda s=sentence: s in " ".join(one.display.split()) or cut(s, one))  # type: ignore[misc]


def cut(sentence: str, one: Player[Any]) -> bool:
    """Tell whether a sentence stands in what is told of a row, over several lines."""
    told = " ".join(line.strip() for line in one.text(one.page.detail))
    return sentence in told


@played
async def test_my_page_shows_what_was_true_then(story: Home):
    async with my_page(story, "kim") as one:
        for position in POSITIONS:
            await at(one, position)
            mine = then(
                story,
                lambda airbook, p=position: airbook.queries.reservations(customer="kim", as_of=p),  # type: ignore[misc]
            )
            assert list(rows(one)) == mine


@played
async def test_the_past_is_marked_and_one_key_leads_back(story: Home):
    async with dashboard(story) as one:
        assert one.heading.endswith("LIVE")
        await one.press("t", "left")
        await one.settle()
        assert "AS OF 19, 2026-11-22 09:00:00  read-only" in one.heading
        assert one.screen.heading.has_class("-past")
        await one.press("b")
        await one.settle()
        assert one.heading.endswith("LIVE")
        assert not one.screen.heading.has_class("-past")
        assert (one.screen.slider.display, one.screen.focused) == (False, one.page.listing)


@played
async def test_what_comes_while_one_looks_back_is_there_when_one_is_back(story: Home):
    async with dashboard(story) as one:
        await one.turn(3)
        await one.press("t", "home")
        await one.settle()
        story("reserve", "2", "--customer", "kim")
        await one.until(lambda: one.screen.position == HEAD + 3)
        await one.settle()
        assert rows(one) == []
        await one.press("b")
        await one.settle()
        assert [row.id for row in rows(one)] == [7, 6, 5, 4, 3, 2, 1]


async def assert_nothing_is_given(one: Player[Dashboard] | Player[MyPage]) -> None:
    for page in range(1, 6):
        await one.press(str(page))
        one.page.listing.focus()
        for key in ("a", "n", "e", "c", "x", "R", "D", "u"):
            await one.hurry(key)
            assert (one.app.screen, one.said) == (one.screen, []), (page, key)
        await one.press("ctrl+p")
        assert not set(one.offers) & GIVING, page
        await one.press("escape")


@played
async def test_nothing_is_changed_in_the_past(story: Home):
    async with dashboard(story) as one:
        await at(one, 9)
        await assert_nothing_is_given(one)
        await one.press("colon")
        await one.type("reserve 2")
        await one.press("enter")
        await one.is_told("reserve is of now: come back from the past first.")
    assert then(story, lambda airbook: airbook.log.head()) == HEAD + 2


@played
async def test_nothing_is_changed_by_one_who_only_looks(story: Home):
    async with dashboard(story, read_only=True) as one:
        assert one.heading.endswith("read-only  LIVE")
        await assert_nothing_is_given(one)
        await one.press("colon")
        await one.type("reserve 2")
        await one.press("enter")
        await one.is_told("reserve changes the store: here one can only look.")
    async with my_page(story, "kim", read_only=True) as one:
        await assert_nothing_is_given(one)
    assert then(story, lambda airbook: airbook.log.head()) == HEAD + 2
