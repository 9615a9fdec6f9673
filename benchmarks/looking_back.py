"""The queries of the dashboard, as of the beginning, the middle and the end of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.text.labels import Labels
from airbook.domain.reservation import STATUSES
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.session.look import Look
from airbook.tui.session.shell import Shell
from benchmarks.filling import fill
from benchmarks.report import Figure, folder, middle
from benchmarks.terminal import COLUMNS, ROWS

RESERVATIONS = 36_000
EACH = 1_250  # requests for each airplane: one in five is rejected
RUNS = 9
PAGES = {"overview": "1", "airplanes": "2", "reservations": "3", "events": "4"}


class Asked(NamedTuple):
    """A query of a page. as_of: a log position; None means now."""

    page: str
    as_of: int | None
    question: Callable[[Airbook], Any]


def looking_back() -> Iterator[Figure]:
    """Measure the queries of every page, with as many rows as it shows."""
    with folder() as path:
        store = SQLiteStore(path / "airbook.db")
        with Airbook(store) as airbook:
            fill(airbook, RESERVATIONS, EACH)
            events = airbook.log.head()
            asked = asyncio.run(questions(store, (0, events // 2, events, None)))
            times = {(one.page, one.as_of): took(airbook, one) for one in asked}
    past = {which: seconds for which, seconds in times.items() if which[1] is not None}
    worst = max(past, key=past.__getitem__)
    now = times[worst[0], None]
    slowest = sorted(past.items(), key=lambda one: -one[1])[:4]
    yield Figure(
        f"looking back, the slowest of {len(past)} questions over {events:,} events",
        f"{past[worst] * 1e3:.1f} ms for {worst[0]} at {worst[1]:,}",
        f"{now * 1e3:.1f} ms for the same of now",
        f"{past[worst] / now:.1f}",
        "100 ms",
        past[worst] < 0.1,
        ", ".join(f"{page} at {at:,} {spent * 1e3:.0f} ms" for (page, at), spent in slowest),
    )


async def questions(store: SQLiteStore, positions: tuple[int | None, ...]) -> list[Asked]:
    """Collect the queries of each page of a real dashboard.

    Lists are queried at their top and end, and reservations by each status too.
    """
    label = Labels("en")
    look, shell = Look(label), Shell(lambda: (), (), {})
    screen = Dashboard(lambda: Airbook(store), look)
    asked = list[Asked]()

    def take(page: str) -> None:
        for as_of in positions:
            asked.append(Asked(page, as_of, screen.page.page_query(as_of)))

    async with Screens(screen, look, shell).run_test(size=(COLUMNS, ROWS)) as pilot:
        for page, digit in PAGES.items():
            while screen.page.id != page:
                await pilot.press(digit)
                await pilot.pause(0.05)
            await pilot.pause(0.5)
            take(page)
            if page in {"reservations", "events"}:
                await pilot.press("G")
                await pilot.pause(0.5)
                take(f"{page} from the end")
                await pilot.press("g")
            if page == "reservations":
                for status in STATUSES:
                    screen.page.set_filter(status)
                    take(f"{page} {status}")
    return asked


def took(airbook: Airbook, asked: Asked) -> float:
    """Run a query several times; returns the median in seconds."""
    times = list[float]()
    for _ in range(RUNS):
        began = perf_counter()
        asked.question(airbook)
        times.append(perf_counter() - began)
    return middle(times)
