"""The size of the write-ahead log while processes reserve, decide and read."""

from __future__ import annotations

import itertools
import shlex
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from airbook.projections.models.reservations import TABLE
from tests.docs.terminal import Terminal
from tests.faults.actors import Actor
from tests.faults.company import at_work
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.waiting import until

MOST = 10 * 1024 * 1024
PAGE_SECONDS = 1.0
Sizes = dict[str, int]  # the largest size of each write-ahead log in bytes, by its database
Onlooker = Callable[[Home, Sizes], AbstractContextManager[None]]


def stays_small(folder: Path, onlooker: Onlooker, *, requests: int) -> int:
    """Reserve from four processes; returns the largest size of a write-ahead log in bytes."""
    home = Home(folder)
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    # On a busy machine one of four writers may wait longer for the lock than a command does.
    actors = [
        Actor(f"actor{number}", home, times=requests // 4, patient=True) for number in range(4)
    ]
    sizes = Sizes()
    with home.daemon(), onlooker(home, sizes):
        with at_work(home, {actor.name: actor.start for actor in actors}) as crowd:
            for actor in actors:
                crowd.finish(actor.name)
        with home.airbook() as airbook:
            until(
                lambda: airbook.log.checkpoint("approver") == airbook.log.head(),
                "all to be decided",
            )
    assert undecided(everything(home)) == 0
    nothing_is_lost(home, {event for actor in actors for event in actor.acknowledged()})
    is_healthy(home)
    assert max(sizes.values()) < MOST, sizes
    return max(sizes.values())


def measure(home: Home, sizes: Sizes) -> None:
    """Record the sizes of the write-ahead logs."""
    for file in (home.store, home.views):
        written = Path(f"{file}-wal")
        size = written.stat().st_size if written.exists() else 0
        sizes[file.name] = max(size, sizes.get(file.name, 0))


@contextmanager
def meanwhile(look: Callable[[threading.Event], None]) -> Generator[None]:
    """Call a function on a thread until the block ends; raises the error of the thread."""
    enough, wrong = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            look(enough)
        except BaseException as error:  # noqa: BLE001 -- raised again below
            wrong.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()
    if wrong:
        raise wrong[0]


def reader(home: Home, sizes: Sizes) -> AbstractContextManager[None]:
    """Read all reservations repeatedly."""

    def look(enough: threading.Event) -> None:
        with home.airbook() as airbook:
            while not enough.wait(0.05):
                with airbook.queries.views.reading() as connection:
                    connection.exec_driver_sql(f"SELECT count(*) FROM {TABLE.name}").scalar_one()  # noqa: S608
                    airbook.log.after(max(0, airbook.log.head() - 100))
                measure(home, sizes)

    return meanwhile(look)


def dashboard(home: Home, sizes: Sizes) -> AbstractContextManager[None]:
    """Turn the pages of an open dashboard, which must show the last reservation in the end."""
    command = shlex.join([sys.executable, "-m", "airbook.cli", "tui"])
    environment = {**home.environment, "TERM": "xterm-256color"}

    def look(enough: threading.Event) -> None:
        def is_turned(_: object) -> bool:
            measure(home, sizes)
            return enough.is_set() or time.monotonic() > turned + PAGE_SECONDS

        with Terminal(f"{command}; echo exit code $?", environment, 100, 30) as screen:
            for page in itertools.cycle("12345"):
                turned = time.monotonic()
                screen.until(is_turned)
                if enough.is_set():
                    break
                screen.press(page)
            with home.airbook() as airbook:
                last = [str(airbook.store_status().reservations)]
            screen.press("3")
            lines = screen.until(lambda lines: any(line.split()[:1] == last for line in lines))
            assert any(line.split()[:1] == last for line in lines), lines
            screen.press("q")
            assert "exit code 0" in "\n".join(screen.end())

    return meanwhile(look)
