"""The gateway: commands from many connections, reads, answer times, and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from time import perf_counter, sleep

import psutil

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import CreateAirplane
from benchmarks.http_load import answer_times, request, took
from benchmarks.report import Figure, folder, middle, percentile
from tests.support.ports import reserved_port

AT_ONCE, EACH = 64, 50
READERS, READS = 20, 200
ALONE = 500
ROUNDS = 5
DECISIONS = 300
MANY = 100_000
RESERVE = request("POST", "/reservations", b'{"airPlaneId": 1}')
READ = request("GET", "/airplanes/1")
WANTED = b'{"airplane": 1}'
WAITING = {"Content-Type": "application/json", "Prefer": "wait=2"}


def gateway() -> Iterator[Figure]:
    """Reserve and read over HTTP, in turns with the baselines."""
    with folder() as path, Airbook(SQLiteStore(path / "airbook.db")) as airbook:
        airbook.execute(CreateAirplane(1_000))
        with running("-m", "airbook.cli", "serve", "--port") as (port, process):
            yield from reserving(airbook, port)
            yield from reading(port)
            yield from answering(port)
            yield from deciding(airbook, port)
            yield from remembering(port, process)


def reserving(airbook: Airbook, port: int) -> Iterator[Figure]:
    """Reserve from many connections, in turns with one command and one commit at a time."""
    ours = alone = 0.0
    for _ in range(ROUNDS):
        ours += took(port, RESERVE, b"201", AT_ONCE, EACH) / (AT_ONCE * EACH)
        began = perf_counter()
        for _ in range(ALONE):
            airbook.execute(Reserve(1, "kim"))
        alone += (perf_counter() - began) / ALONE
    yield Figure(
        f"POST /reservations from {AT_ONCE} connections",
        f"{ROUNDS / ours:,.0f} a second",
        f"{ROUNDS / alone:,.0f} a second without HTTP, one commit each",
        f"{alone / ours:.1f}",
        "5",
        alone / ours >= 5,
        "HTTP and the framework, in Python, take more than the disk does",
    )


def reading(port: int) -> Iterator[Figure]:
    """Read one airplane, in turns with a bare application that gives the same answer."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/airplanes/1")
    body = connection.getresponse().read().decode()
    ours = bare = 0.0
    with running("-m", "benchmarks.bare_app", after=(body,)) as (other, _):
        for _ in range(ROUNDS):
            ours += took(port, READ, b"200", READERS, READS)
            bare += took(other, READ, b"200", READERS, READS)
    requests = ROUNDS * READERS * READS
    yield Figure(
        f"GET /airplanes/1 from {READERS} connections",
        f"{requests / ours:,.0f} a second",
        f"{requests / bare:,.0f} a second by a bare Litestar application with the same answer",
        f"{bare / ours:.2f}",
        "0.3",
        bare / ours >= 0.3,
        "catching up with the log, and the queries of the view",
    )


def answering(port: int) -> Iterator[Figure]:
    """Measure how long each of many readers and customers waits for its answer."""
    for sent, status, what in (
        (READ, b"200", "GET /airplanes/1"),
        (RESERVE, b"201", "POST /reservations"),
    ):
        times = [one * 1_000 for one in answer_times(port, sent, status, READERS, READS)]
        half, most = middle(times), percentile(times, 0.99)
        yield Figure(
            f"{what} from {READERS} connections, {len(times):,} answers",
            f"p50 {half:.1f} ms, p99 {most:.1f} ms",
            "-",
            "-",
            "p99 ≤ 50 ms",
            most <= 50,
            "requests that wait for the thread of the store, and the collector",
        )


def deciding(airbook: Airbook, port: int) -> Iterator[Figure]:
    """Measure how long one customer after another waits for the decision, with a daemon."""
    command = [sys.executable, "-m", "airbook.cli", "daemon"]
    subprocess.run([*command, "--until-idle"], stderr=subprocess.DEVNULL, check=True)
    daemon = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while airbook.heartbeat() is None:
            sleep(0.01)
        connection, times = HTTPConnection("127.0.0.1", port), list[float]()
        for _ in range(DECISIONS):
            began = perf_counter()
            connection.request("POST", "/api/v1/reservations", WANTED, WAITING)
            decided = json.loads(connection.getresponse().read())
            times.append((perf_counter() - began) * 1_000)
            assert decided["status"] in {"approved", "rejected"}, decided
        connection.close()
    finally:
        daemon.terminate()
        daemon.wait()
    half, most = middle(times), percentile(times, 0.99)
    yield Figure(
        f"request → decided over HTTP with Prefer: wait=2, {DECISIONS} requests",
        f"p50 {half:.1f} ms, p99 {most:.1f} ms",
        "the seed: 9 to 11 ms to the decision",
        "-",
        "p50 ≤ 8 ms",
        half <= 8,
        "two commits with a sync each, and waking the daemon and then the gateway",
    )


def remembering(port: int, process: psutil.Process) -> Iterator[Figure]:
    """Compare the memory of the gateway after a tenth of many requests and after all of them."""
    took(port, READ, b"200", READERS, MANY // READERS // 10)
    before = process.memory_info().rss
    took(port, READ, b"200", READERS, MANY // READERS)
    after = process.memory_info().rss
    yield Figure(
        f"memory after {MANY:,} more requests",
        f"{after / 2**20:.0f} MiB",
        f"{before / 2**20:.0f} MiB before them",
        f"{after / before:.2f}",
        "1.05",
        after / before <= 1.05,
        "an object that is kept for each request",
    )


@contextmanager
def running(*words: str, after: tuple[str, ...] = ()) -> Generator[tuple[int, psutil.Process]]:
    """Run a server of Python on a free port, the last but `after` of its words."""
    with reserved_port() as port:
        command = [sys.executable, *words, str(port), *after]
        server = subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL)
        try:
            while not is_listening(port):
                assert server.poll() is None, command
                sleep(0.05)
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait()


def is_listening(port: int) -> bool:
    """Return whether a server accepts connections."""
    try:
        HTTPConnection("127.0.0.1", port).connect()
    except OSError:
        return False
    return True
