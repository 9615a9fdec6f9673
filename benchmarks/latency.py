"""The time from a request to its decision and to its row, as other processes see them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import CreateAirplane
from benchmarks.report import Figure, folder, middle, percentile

REQUESTS = 300
PAUSE_SECONDS = 0.01


def latency() -> Iterator[Figure]:
    """Measure the latency on SQLite."""
    with folder() as path:
        yield from figures(SQLiteStore(path / "airbook.db"), "", decided=(3, 8), visible=(4, 10))


def figures(
    store: SQLiteStore | PostgresStore,
    where: str,
    *,
    decided: tuple[float, float],
    visible: tuple[float, float],
) -> Iterator[Figure]:
    """Reserve while a daemon decides and two processes watch the log and the views.

    decided, visible: the goals for the median and the 99th percentile, in milliseconds.
    """
    url = store.secret_url if isinstance(store, PostgresStore) else store.url
    os.environ["AIRBOOK_STORE"] = url
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(1_000))
        command = [sys.executable, "-m"]
        daemon = subprocess.Popen([*command, "airbook.cli", "daemon"], stderr=subprocess.DEVNULL)
        while airbook.heartbeat() is None:
            time.sleep(0.01)
        airbook.execute(Reserve(1, "kim"))
        time.sleep(1)
        watchers = [
            subprocess.Popen(
                [*command, "benchmarks.watch", what, url, str(REQUESTS)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for what in ("decided", "visible")
        ]
        time.sleep(2)
        asked: dict[int, int] = {}
        for _ in range(REQUESTS):
            number = airbook.execute(Reserve(1, "kim")).number
            asked[number] = time.monotonic_ns()
            time.sleep(PAUSE_SECONDS)
        seen = [watcher.communicate(timeout=60)[0] for watcher in watchers]
        daemon.terminate()
        daemon.wait()
    for what, output, (p50, p99) in (
        ("decided", seen[0], decided),
        ("visible", seen[1], visible),
    ):
        times = [
            (int(at) - asked[int(number)]) / 1e6
            for number, at in (line.split() for line in output.splitlines())
            if int(number) in asked
        ]
        half, most = middle(times), percentile(times, 0.99)
        yield Figure(
            f"{where}request → {what}, three processes, {len(times)} requests",
            f"p50 {half:.1f} ms, p99 {most:.1f} ms",
            "the seed: 9 to 11 ms to the decision, 17 to 41 ms to the row",
            "-",
            f"p50 ≤ {p50:g} ms, p99 ≤ {p99:g} ms on a quiet machine",
            half <= p50 and most <= p99,
            "waking the daemon, its commit with a sync, then four views through SQLAlchemy and the"
            " watcher's own waking; on two cores five processes share them",
        )
