"""A store that is slow, silent, lost or found again, and a daemon that dies."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.eventlog.errors import StoreError
from airbook.tui.session.following import REFRESH_SECONDS, LogAdvanced, LogWatcher
from airbook.tui.session.reading import Reader
from airbook.tui.widgets.heading import Vitals
from tests.support.home import Home
from tests.support.waiting import eventually, until
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played
from tests.tui.stores import open_airbook

# One poll may have begun before the change; the answer to one more may come before it is counted.
MOST_POLLS = 3


def polls(player: Player[Any]) -> int:
    """Count the polls that were answered, with vitals or an error."""
    return sum(isinstance(one.result, Vitals | StoreError) for one in player.answered)


def test_only_the_newest_query_of_a_name_is_run(five_seats: Home):
    reader = Reader(lambda: open_airbook(five_seats))
    results = list[object]()
    for number in range(100):
        reader.submit("page", lambda a, n=number: (n, a.log.head()), results.append, results.append)  # type: ignore[misc]
        reader.submit(f"{number % 2}", lambda _, n=number: n, results.append, results.append)  # type: ignore[misc]
    thread = threading.Thread(target=reader.run)
    thread.start()
    reader.submit("last", lambda _: reader.stop(), results.append, results.append)
    thread.join()
    assert results == [(99, 18), 98, 99, None]


def test_an_error_is_reported_and_the_next_query_is_run(five_seats: Home):
    opened = list[Airbook]()

    def open_again() -> Airbook:
        opened.append(open_airbook(five_seats))
        return opened[-1]

    def raise_error(airbook: Airbook) -> None:
        airbook.log.head()
        raise StoreError("store_busy", "x")

    reader = Reader(open_again)
    results, failed = list[object](), list[Exception]()
    reader.submit("1", raise_error, results.append, failed.append)
    reader.submit("2", lambda airbook: airbook.log.head(), results.append, failed.append)
    reader.submit("3", lambda _: next(iter([])), results.append, failed.append)
    reader.submit("4", lambda _: reader.stop(), results.append, failed.append)
    reader.run()
    assert (results, [type(error) for error in failed]) == ([18, None], [StoreError, StopIteration])
    assert len(opened) == 2


def test_new_heads_are_reported_at_most_ten_times_a_second(five_seats: Home):
    reports = list[tuple[float, int]]()

    def report(message: object) -> None:
        assert isinstance(message, LogAdvanced)
        reports.append((time.monotonic(), message.position))

    watcher = LogWatcher(lambda: open_airbook(five_seats), report)
    thread = threading.Thread(target=watcher.run)
    thread.start()
    with open_airbook(five_seats) as airbook:
        for number in range(300):
            airbook.execute(Reserve(1, f"customer {number}"))
    until(lambda: reports and reports[-1][1] == 318, "the last report")
    watcher.stop()
    thread.join()
    assert reports[-1][1] == 318
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(reports)]
    assert min(gaps) >= REFRESH_SECONDS * 0.95


@played
async def test_a_lost_store_is_noticed_and_found_again(five_seats: Home):
    away = five_seats.folder / "away"
    async with dashboard(five_seats) as player:
        await player.turn(3)
        rows = player.rows()
        shutil.move(five_seats.store.parent, away)
        before = polls(player)
        await player.until(lambda: player.screen.heading.has_class("-lost"))
        assert polls(player) - before <= MOST_POLLS
        await player.until(lambda: player.heading.startswith("There is no store at"))
        assert (player.rows(), player.app.screen) == (rows, player.screen)
        await player.press("r", "j", "3")
        await player.settle()
        shutil.move(away, five_seats.store.parent)
        await player.until(lambda: not player.screen.heading.has_class("-lost"))
        await player.shows("screen: live")
        five_seats("reserve", "1", "--customer", "kim")
        await player.shows("    7         1  kim")


@played
async def test_another_store_in_its_place_is_shown_without_a_restart(
    five_seats: Home, tmp_path: Path
):
    async with dashboard(five_seats) as player:
        await player.turn(3)
        shutil.move(five_seats.store.parent, tmp_path / "away")
        await player.until(lambda: player.screen.heading.has_class("-lost"))
        five_seats("reserve", "9", "--customer", "other")
        await player.shows("    1         9  other")
        await player.until(lambda: player.page.row_list.window.total == 1)


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_a_missing_store_is_no_error(home: Home, language: str):
    async with dashboard(home, language) as player:
        label = player.screen.label
        await player.shows(label("Nothing has been stored yet."))
        await player.press("a")
        await player.type("5")
        await player.press("enter")
        await player.gets_notice(label("Airplane {number} added.", {"number": 1}))
        await player.shows(label("screen: live"))
        await player.until(lambda: player.page.row_list.window.total == 1)
    assert [plane["seats"] for plane in home.json("planes")] == [5]


@played
async def test_my_page_can_be_opened_before_there_is_a_store(home: Home):
    async with my_page(home, "kim") as player:
        await player.shows("Nothing has been stored yet.", "There are no reservations here")
        home("reserve", "1", "--customer", "kim")
        await player.shows("    1         1  received")


@played
async def test_a_killed_daemon_is_noticed_by_the_next_poll(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.shows("no daemon")
        with five_seats.daemon() as daemon:
            await player.until(lambda: "daemon 0." in player.heading)
            assert player.screen.has_daemon()
            daemon.kill()
            before = polls(player)
            await player.until(lambda: "no daemon" in player.heading)
            assert polls(player) - before <= MOST_POLLS
            assert not player.screen.has_daemon()
        with five_seats.daemon():
            await player.until(lambda: "daemon 0." in player.heading)
            await player.turn(5)
            await player.shows("process")


@played
async def test_a_silent_store_is_reported_until_it_answers(five_seats: Home):
    async with dashboard(five_seats) as player:
        goes_on = threading.Event()
        player.screen.submit("slow", lambda _: goes_on.wait(), lambda _: None)
        await player.shows("The store has not answered for")
        await player.press("j", "2")
        goes_on.set()
        await player.hides("The store has not answered for")
        await player.shows("screen: live")


@played
async def test_threads_end_with_the_screen(five_seats: Home):
    before = threading.active_count()
    async with dashboard(five_seats) as player:
        await player.settle()
        await eventually(lambda: threading.active_count() >= before + 2)
    loop = asyncio.get_running_loop()
    await loop.shutdown_default_executor()
    await eventually(lambda: threading.active_count() <= before)


@played
async def test_a_programming_error_ends_the_program_and_is_raised(five_seats: Home):
    results = list[Exception | None]()

    async def break_it() -> None:
        async with dashboard(five_seats) as player:
            player.screen.submit("fault", lambda _: 1 // 0, lambda _: None)
            await eventually(lambda: player.app.fault)
            results.append(player.app.fault)

    with pytest.raises(ZeroDivisionError):
        await break_it()
    assert [type(error) for error in results] == [ZeroDivisionError]
