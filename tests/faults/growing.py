"""The story of a write-ahead log while many reserve, a daemon decides and somebody looks on."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.actors import Actor
from tests.faults.company import at_work
from tests.faults.home import Home, until
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided

MOST = 10 * 1024 * 1024


def stays_small(folder: Path, *, requests: int) -> int:
    """Four processes reserve so often; returns the most bytes a write-ahead log came to."""
    home = Home(folder / "home")
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    actors = [Actor(f"actor{number}", home, times=requests // 4) for number in range(4)]
    sizes = dict[str, int]()
    with home.daemon(), looked_on(home, sizes):
        with at_work(home, {actor.name: actor.start for actor in actors}) as crowd:
            for actor in actors:
                crowd.finish(actor.name)
        with home.book() as book:
            until(lambda: book.log.tracked("approver") == book.log.head(), "all to be decided")
    assert undecided(everything(home)) == 0
    nothing_is_lost(home, {fact for actor in actors for fact in actor.acknowledged()})
    is_healthy(home)
    assert max(sizes.values()) < MOST, sizes
    return max(sizes.values())


@contextmanager
def looked_on(home: Home, sizes: dict[str, int]) -> Generator[None]:
    """Read all reservations again and again, and note how large the write-ahead logs are."""
    enough = threading.Event()

    def look() -> None:
        with home.book() as book:
            while not enough.wait(0.05):
                with book.pages.views.reading() as connection:
                    connection.exec_driver_sql("SELECT count(*) FROM reservations").scalar_one()
                    book.log.after(max(0, book.log.head() - 100))
                for file in (home.store, home.views):
                    size = Path(f"{file}-wal").stat().st_size
                    sizes[file.name] = max(size, sizes.get(file.name, 0))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield
    finally:
        enough.set()
        reader.join()
