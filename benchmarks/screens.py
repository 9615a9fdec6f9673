"""The dashboard on a real terminal: its start, its latency, its memory and its idle cost."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import CreateAirplane
from airbook.domain.reservation import ReservationApproved
from airbook.eventlog.subscription import subscribe
from benchmarks.bare import ROWS
from benchmarks.filling import fill
from benchmarks.report import Figure, folder, middle, percentile
from benchmarks.terminal import Terminal

STARTS = 11
ROUNDS = 100
LONGEST_PAUSE_SECONDS = 0.5
FEW, MANY = 100, 100_000
IDLE_SECONDS = 10
BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))
DASHBOARD = (str(Path(sys.executable).with_name("airbook")), "tui")
LAST_TAB, LAST_KEY = b"5 System", b"Quit"
LAST_ROW = b"plane %d" % ROWS
SCROLLBAR_COLUMN, LIST_TOP, LIST_MIDDLE = 120, 3, 21


@contextmanager
def store() -> Generator[Airbook]:
    """Open a store, and set AIRBOOK_STORE to it for other processes."""
    with folder() as path, Airbook(SQLiteStore(path / "airbook.db")) as airbook:
        yield airbook


def first_paint() -> Iterator[Figure]:
    """Start the dashboard and a bare application in turns, up to their first paint."""
    with store() as airbook:
        for number in range(1, ROWS + 1):
            airbook.execute(CreateAirplane(5, f"plane {number:02}"))
        airbook.queries.catch_up()
        ours, keys, rows, bare = list[float](), list[float](), list[float](), list[float]()
        for _ in range(STARTS):
            with Terminal(BARE) as terminal:
                bare.append(terminal.until(LAST_ROW) - terminal.began)
            with Terminal(DASHBOARD) as terminal:
                ours.append(terminal.until(LAST_TAB) - terminal.began)
                keys.append(terminal.until(LAST_KEY) - terminal.began)
                rows.append(terminal.until(LAST_ROW) - terminal.began)
    ratio = middle(ours) / middle(bare)
    yield Figure(
        f"first paint of airbook tui, {STARTS} starts in turns",
        f"{middle(ours) * 1e3:.0f} ms",
        f"{middle(bare) * 1e3:.0f} ms for a bare Textual application with {ROWS} rows",
        f"{ratio:.2f}",
        "1.3",
        ratio <= 1.3,
        "loading the command line and more widgets, laying them out",
    )
    yield Figure(
        f"the same, until {ROWS} airplanes are seen",
        f"{middle(rows) * 1e3:.0f} ms; the keys {middle(keys) * 1e3:.0f} ms",
        f"{middle(bare) * 1e3:.0f} ms, without a store",
        f"{middle(rows) / middle(bare):.2f}",
    )


def decision_to_cell() -> Iterator[Figure]:
    """Reserve at random times; measure when the dashboard shows the decisions."""
    decided = dict[int, float]()
    enough = threading.Event()

    def listen(store: SQLiteStore, head: int) -> None:
        with Airbook(store) as airbook:
            for batch in subscribe(airbook.log, head, stop=enough.is_set):
                now = time.monotonic()
                for recorded in batch:
                    if isinstance(recorded.event, ReservationApproved):
                        decided[recorded.stream.number] = now

    with store() as airbook:
        assert isinstance(airbook.store, SQLiteStore)
        airbook.execute(CreateAirplane(1_000))
        at = airbook.store, airbook.log.head()
        listener = threading.Thread(target=listen, args=at, daemon=True)
        listener.start()
        shown = dict[int, float]()
        with daemon(airbook), Terminal(DASHBOARD) as terminal:
            airbook.execute(Reserve(1, "first"))
            turn(terminal, b"first")
            for number in range(ROUNDS):
                terminal.rest(random.uniform(0, LONGEST_PAUSE_SECONDS))
                name = f"round{number:04}"
                reserved = airbook.execute(Reserve(1, name)).number
                shown[reserved] = terminal.until(rb"%b +approved" % name.encode())
        enough.set()
        listener.join()
    times = [(at - decided[number]) * 1e3 for number, at in shown.items()]
    half, most = middle(times), percentile(times, 0.99)
    yield Figure(
        f"decision → cell of the dashboard, {len(times)} decisions",
        f"p50 {half:.0f} ms, p99 {most:.0f} ms",
        "100 ms from one refresh to the next",
        "-",
        "p50 ≤ 150 ms",
        half <= 150,
        "the request a moment before has been shown, so its decision waits for the next refresh;"
        " then the views, two queries, and painting every row that is seen",
    )


@contextmanager
def daemon(airbook: Airbook) -> Generator[None]:
    """Run a daemon for the duration of a block."""
    command = [sys.executable, "-m", "airbook.cli", "daemon"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while airbook.heartbeat() is None:
            time.sleep(0.01)
        yield
    finally:
        process.terminate()
        process.wait()


def turn(terminal: Terminal, seen: bytes) -> None:
    """Open the page of reservations, and wait for a pattern."""
    terminal.until(b"lag")
    terminal.rest(1)
    terminal.press(b"3")
    terminal.until(seen)
    terminal.rest(1)


def memory() -> Iterator[Figure]:
    """Compare the memory after paging through many reservations and through few."""
    few, many = resident(FEW), resident(MANY)
    yield Figure(
        f"memory of the dashboard, {MANY:,} reservations paged through",
        f"{many / 1e6:.0f} MB resident",
        f"{few / 1e6:.0f} MB with {FEW}",
        f"{many / few:.2f}",
        "1.1",
        many / few <= 1.1,
        "rows that were read are kept",
    )


def resident(reservations: int) -> int:
    """Show the top, the middle and the end of the list; returns the resident bytes."""
    with store() as airbook:
        fill(airbook, reservations)
        with Terminal(DASHBOARD) as terminal:
            turn(terminal, b" %d " % reservations)
            drag(terminal, LIST_TOP, LIST_MIDDLE)
            terminal.press(b"r")
            terminal.until(rb" (?:%d|%d)\d{%d} +\d+ +" % around(reservations))
            terminal.press(b"G")
            terminal.until(rb"\D2 +1 +")
            terminal.rest(1)
            return int(terminal.process.memory_info().rss)


def around(reservations: int) -> tuple[int, int, int]:
    """Return a pattern for the numbers in the middle of the list."""
    half = reservations // 2
    digits = len(str(half)) - 1
    return half // 10**digits, half // 10**digits - 1, digits


def drag(terminal: Terminal, top: int, bottom: int) -> None:
    """Drag the handle of the scroll bar, a line at a time."""
    terminal.press(b"\x1b[<0;%d;%dM" % (SCROLLBAR_COLUMN, top))
    for line in range(top + 1, bottom + 1):
        terminal.rest(0.05)
        terminal.press(b"\x1b[<32;%d;%dM" % (SCROLLBAR_COLUMN, line))
    terminal.rest(0.5)
    terminal.press(b"\x1b[<0;%d;%dm" % (SCROLLBAR_COLUMN, bottom))


def idling() -> Iterator[Figure]:
    """Compare the processor time of an idle dashboard and an idle bare application."""
    with store() as airbook:
        fill(airbook, FEW)
        with daemon(airbook), Terminal(DASHBOARD) as ours, Terminal(BARE) as bare:
            turn(ours, b" %d " % FEW)
            bare.until(LAST_ROW)
            terminals = (ours, bare)
            before = [spent(terminal) for terminal in terminals]
            for _ in range(IDLE_SECONDS * 10):
                for terminal in terminals:
                    terminal.rest(0.05)
            used, least = (spent(one) - was for one, was in zip(terminals, before, strict=True))
    yield Figure(
        f"an open dashboard, {IDLE_SECONDS} s of nothing",
        f"{used:.2f} s of processor time",
        f"{least:.2f} s for a bare Textual application",
        f"{used / least:.1f}" if least else "-",
    )


def spent(terminal: Terminal) -> float:
    """Return the processor time of a program in seconds."""
    times = terminal.process.cpu_times()
    return float(times.user + times.system)
