"""A store that is slow, silent, lost and found again; a daemon that dies: all of it is seen."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import threading
import time
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.eventlog.errors import StoreError
from airbook.tui.session.following import REFRESH_SECONDS, Follower, Moved
from airbook.tui.session.reading import Reader
from tests.cli.play import Home
from tests.tui.screen import dashboard, my_page, played, until

SEEN_SECONDS = 2.0
SLACK_SECONDS = 1.0  # others use this machine too


def opened(home: Home) -> Airbook:
    return Airbook(SQLiteStore(home.store))


def test_the_newest_question_of_a_name_is_the_one_that_is_answered(five_seats: Home):
    reader = Reader(lambda: opened(five_seats))
    told = list[object]()
    for number in range(100):
        reader.ask("page", lambda a, n=number: (n, a.log.head()), told.append, told.append)  # type: ignore[misc]
        reader.ask(f"{number % 2}", lambda _, n=number: n, told.append, told.append)  # type: ignore[misc]
    thread = threading.Thread(target=reader.run)
    thread.start()
    reader.ask("last", lambda _: reader.stop(), told.append, told.append)
    thread.join()
    assert told == [(99, 18), 98, 99, None]


def test_trouble_is_told_and_the_next_question_is_answered(five_seats: Home):
    books = list[Airbook]()

    def open_airbook() -> Airbook:
        books.append(opened(five_seats))
        return books[-1]

    def fail(airbook: Airbook) -> None:
        airbook.log.head()
        raise StoreError("store_busy", "x")

    reader = Reader(open_airbook)
    told, failed = list[object](), list[Exception]()
    reader.ask("1", fail, told.append, failed.append)
    reader.ask("2", lambda airbook: airbook.log.head(), told.append, failed.append)
    reader.ask("3", lambda _: next(iter([])), told.append, failed.append)
    reader.ask("4", lambda _: reader.stop(), told.append, failed.append)
    reader.run()
    assert (told, [type(error) for error in failed]) == ([18, None], [StoreError, StopIteration])
    assert len(books) == 2


def test_moves_of_the_log_are_told_at_most_ten_times_a_second(five_seats: Home):
    moves = list[tuple[float, int]]()

    def tell(message: object) -> None:
        assert isinstance(message, Moved)
        moves.append((time.monotonic(), message.position))

    follower = Follower(lambda: opened(five_seats), tell)
    thread = threading.Thread(target=follower.run)
    thread.start()
    with opened(five_seats) as airbook:
        for number in range(300):
            airbook.execute(Reserve(1, f"customer {number}"))
    deadline = time.monotonic() + 30
    while (not moves or moves[-1][1] != 318) and time.monotonic() < deadline:
        time.sleep(0.01)
    follower.stop()
    thread.join()
    assert moves[-1][1] == 318
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(moves)]
    assert min(gaps) >= REFRESH_SECONDS * 0.95


@played
async def test_a_store_that_is_lost_is_seen_and_found_again(five_seats: Home):
    away = five_seats.folder / "away"
    async with dashboard(five_seats) as one:
        await one.turn(3)
        rows = one.rows()
        shutil.move(five_seats.store.parent, away)
        began = time.monotonic()
        await one.until(lambda: one.screen.heading.has_class("-lost"))
        assert time.monotonic() - began < SEEN_SECONDS + SLACK_SECONDS
        assert one.heading.startswith("There is no store at")
        assert (one.rows(), one.app.screen) == (rows, one.screen)
        await one.press("r", "j", "3")
        await one.settle()
        shutil.move(away, five_seats.store.parent)
        await one.until(lambda: not one.screen.heading.has_class("-lost"))
        await one.shows("LIVE")
        five_seats("reserve", "1", "--customer", "kim")
        await one.shows("    7         1  kim")


@played
async def test_another_store_in_its_place_is_shown_without_a_restart(
    five_seats: Home, tmp_path: Path
):
    async with dashboard(five_seats) as one:
        await one.turn(3)
        shutil.move(five_seats.store.parent, tmp_path / "away")
        await one.until(lambda: one.screen.heading.has_class("-lost"))
        five_seats("reserve", "9", "--customer", "other")
        await one.shows("    1         9  other")
        await one.until(lambda: one.page.listing.window.total == 1)


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_a_store_that_is_not_made_yet_is_no_fault(home: Home, language: str):
    async with dashboard(home, language) as one:
        label = one.screen.label
        await one.shows(label("Nothing has been stored yet."))
        await one.press("a")
        await one.type("5")
        await one.press("enter")
        await one.is_told(label("Airplane {number} added.", {"number": 1}))
        await one.shows(label("LIVE"))
        await one.until(lambda: one.page.listing.window.total == 1)
    assert [plane["seats"] for plane in home.json("planes")] == [5]


@played
async def test_my_page_can_be_opened_before_there_is_a_store(home: Home):
    async with my_page(home, "kim") as one:
        await one.shows("Nothing has been stored yet.", "There are no reservations here")
        home("reserve", "1", "--customer", "kim")
        await one.shows("    1         1  received")


@played
async def test_a_daemon_that_is_killed_is_missed_within_two_seconds(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.shows("no daemon")
        with five_seats.daemon() as daemon:
            await one.until(lambda: "daemon 0." in one.heading)
            assert one.screen.is_decided()
            daemon.kill()
            began = time.monotonic()
            await one.until(lambda: "no daemon" in one.heading)
            assert time.monotonic() - began < SEEN_SECONDS + SLACK_SECONDS
            assert not one.screen.is_decided()
        with five_seats.daemon():
            await one.until(lambda: "daemon 0." in one.heading)
            await one.turn(5)
            await one.shows("process")


@played
async def test_silence_is_told_and_forgotten(five_seats: Home):
    async with dashboard(five_seats) as one:
        goes_on = threading.Event()
        one.screen.hear("slow", lambda _: goes_on.wait(), lambda _: None)
        began = time.monotonic()
        await one.shows("The store has not answered for")
        assert time.monotonic() - began < SEEN_SECONDS + SLACK_SECONDS
        await one.press("j", "2")
        goes_on.set()
        await one.hides("The store has not answered for")
        await one.shows("LIVE")


@played
async def test_threads_end_with_the_screen(five_seats: Home):
    before = threading.active_count()
    async with dashboard(five_seats) as one:
        await one.settle()
        await until(lambda: threading.active_count() >= before + 2)
    loop = asyncio.get_running_loop()
    await loop.shutdown_default_executor()
    await until(lambda: threading.active_count() <= before)


@played
async def test_a_fault_of_ours_ends_the_program_and_is_told(five_seats: Home):
    told = list[Exception | None]()

    async def break_it() -> None:
        async with dashboard(five_seats) as one:
            one.screen.hear("fault", lambda _: 1 // 0, lambda _: None)
            await until(lambda: one.app.fault)
            told.append(one.app.fault)

    with pytest.raises(ZeroDivisionError):
        await break_it()
    assert [type(error) for error in told] == [ZeroDivisionError]
