"""Heartbeats are judged by whether they change, whatever the clocks say."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog import lease as lease_module
from airbook.eventlog.lease import (
    DOUBT_SECONDS,
    STALE_SECONDS,
    Heartbeat,
    Heartbeats,
    HeartbeatWatch,
    Lease,
)
from airbook.eventlog.postgres import lease as postgres_lease
from airbook.eventlog.sqlite import lease as sqlite_lease
from tests.daemon.clock import Clock
from tests.support.stores import execute, path_of

HOUR = 3_600.0
SHORT_SECONDS = 1.0


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time after which a heartbeat is stale."""
    for module in (sqlite_lease, postgres_lease):
        monkeypatch.setattr(module, "TAKEOVER_SECONDS", SHORT_SECONDS)


@pytest.fixture(autouse=True)
def airbook(store: Store) -> Iterator[Airbook]:
    with Airbook(store) as opened:
        opened.create_if_missing()
        yield opened


def set_clock(store: Store, seconds: float) -> None:
    """Write the last heartbeat of the lease anew, as if the clock had been ahead or behind."""
    if isinstance(store, PostgresStore):
        later = "UPDATE heartbeats SET at = clock_timestamp() + make_interval(secs => ?)"
        execute(store, later, seconds)
    else:
        path = path_of(store)
        text = f'{{"pid":{os.getpid()},"at":{time.time() + seconds}}}'
        path.with_name(f"{path.name}.daemon").write_text(text.ljust(sqlite_lease.WIDTH))


@contextmanager
def held(lease: Lease) -> Generator[None]:
    assert lease.acquire()
    try:
        yield
    finally:
        lease.release()


def another(store: Store) -> Store:
    """Return the same store as another process opens it."""
    return PostgresStore(store.secret_url) if isinstance(store, PostgresStore) else store


def taken_within(lease: Lease, seconds: float) -> bool:
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            if lease.acquire():
                return True
            time.sleep(0.02)
    finally:
        lease.release()
    return False


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seconds", [HOUR, 0, -HOUR])
def test_a_daemon_that_hangs_is_replaced_whatever_its_clock_said(
    store: Store, seconds: float
) -> None:
    with held(store.lease()):
        set_clock(store, seconds)
        waiting, begun = another(store).lease(), time.monotonic()
        assert taken_within(waiting, 20)
        assert time.monotonic() - begun > SHORT_SECONDS


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_a_daemon_that_lives_is_not_replaced_whatever_its_clock_says(
    store: Store, seconds: float
) -> None:
    with held(store.lease()):
        over, drift = Event(), [seconds]

        def beat() -> None:
            while not over.wait(0.2):
                drift[0] += 1
                set_clock(store, drift[0])

        beating = Thread(target=beat)
        beating.start()
        try:
            assert not taken_within(another(store).lease(), 3 * SHORT_SECONDS)
        finally:
            over.set()
            beating.join()


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_one_look_in_doubt_is_followed_by_others(
    airbook: Airbook, store: Store, seconds: float
) -> None:
    lease = store.lease()
    with held(lease):
        set_clock(store, seconds)
        begun = time.monotonic()
        assert airbook.heartbeat() is None
        assert time.monotonic() - begun >= DOUBT_SECONDS
        set_clock(store, seconds + 1)
        heartbeat = airbook.heartbeat()
        assert heartbeat is not None
        assert 0 <= heartbeat.age() < STALE_SECONDS
    assert airbook.heartbeat() is None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the watchers; sleeping moves it."""
    clock = SleepingClock()
    monkeypatch.setattr(lease_module, "time", clock)
    return clock


class SleepingClock(Clock):
    """A clock that only sleeping moves."""

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def living(*heartbeats: Callable[[], Heartbeat]) -> Heartbeats:
    return Heartbeats(lambda: {str(number): one() for number, one in enumerate(heartbeats)})


def test_a_recent_heartbeat_needs_one_look(clock: Clock) -> None:
    recent = Heartbeat(1, clock.seconds - STALE_SECONDS, number=1)
    assert living(lambda: recent).living() == {"0": recent}
    assert clock.seconds == 0


def test_a_heartbeat_of_another_clock_lives_while_it_changes(clock: Clock) -> None:
    changing = living(
        lambda: Heartbeat(1, HOUR + clock.seconds, number=1 + int(clock.seconds / 0.5)),
        lambda: Heartbeat(2, HOUR, number=1),
    )
    assert {name: one.pid for name, one in changing.living().items()} == {"0": 1}
    looked = clock.seconds
    assert DOUBT_SECONDS <= looked < DOUBT_SECONDS + 0.1
    assert list(changing.living()) == ["0"]
    assert clock.seconds == looked  # what is known is not doubted again


def test_a_watcher_that_was_stopped_itself_begins_anew(clock: Clock) -> None:
    watch = HeartbeatWatch(away_seconds=2)
    seen = list[float]()
    for seconds in (0, 1, 2, 3, 1):
        clock.seconds += seconds
        seen.append(watch.seconds_unchanged("the same"))
    assert seen == [0, 1, 3, 0, 1]
