"""The verifier: whatever is changed in a log behind the back of the daemon, a figure says so."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.daemon import verifier as verifier_module
from airbook.daemon.verifier import MOST_LINES, Verifier, verifying
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.verification import Verification
from tests.daemon.logged import Logged
from tests.eventlog.commits import given_commits, only
from tests.support.home import Home
from tests.support.other_processes import NEW_RESERVATION
from tests.support.stores import open_log
from tests.support.tampering import tamper
from tests.support.waiting import until

CHANGE = "UPDATE stored_events SET state = ? WHERE {position} = 3"
LINE = {"event": "chain_broken", "log_level": "error", "first": 3, "last": 4, "reason": "changed"}


@pytest.fixture
def stored(store: Store) -> Generator[Log]:
    """Open a log of five events in eight commits."""
    with open_log(store) as log:
        given_commits(log)
        yield log


def clocks() -> tuple[float, float]:
    """Return the time, and how long this thread has computed."""
    return time.monotonic(), time.thread_time()


def flipped(log: Log) -> bytes:
    """Return an old event with one bit of one byte changed."""
    state = bytearray(log.rows_after(2, 1)[0].state)
    state[-2] ^= 1
    return bytes(state)


def test_a_changed_byte_of_an_old_event_is_a_figure_until_it_is_put_right(
    store: Store, stored: Log
) -> None:
    logged, whole = Logged(), stored.rows_after(2, 1)[0].state
    with Airbook(store) as airbook:
        verifier = Verifier(airbook, logged.logger)
        assert (verifier.broken, verifier.events, verifier.finished) == (0, 0, None)
        verifier.verify()
        assert (verifier.broken, verifier.events) == (0, 5)
        tamper(store, CHANGE, flipped(stored))
        for _ in range(2):
            verifier.verify()
            assert verifier.broken == 1
        assert list(logged.lines()) == [LINE]  # once, whatever further passes find
        tamper(store, CHANGE, whole)
        verifier.verify()
    assert (verifier.broken, verifier.events, logged.lines()) == (0, 20, [])
    assert verifier.finished == pytest.approx(time.time(), abs=60)


def test_what_is_broken_stays_a_figure_while_the_next_pass_is_on_its_way(
    store: Store, stored: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(store, CHANGE, flipped(stored))
    with Airbook(store) as airbook:
        verifier = Verifier(airbook, Logged().logger)
        verifier.verify()
        monkeypatch.setattr(verifier_module, "STEP_EVENTS", 1)
        verifier.stop()
        verifier.verify()  # left after its first event
        assert (verifier.broken, verifier.events) == (1, 6)


def test_a_pass_of_many_steps_finds_the_same_and_rests_after_each(
    store: Store, stored: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier_module, "STEP_EVENTS", 1)
    tamper(store, CHANGE, flipped(stored))
    with Airbook(store) as airbook:
        airbook.log.head()  # opened before the time is taken
        verifier, begun, computed = Verifier(airbook, (logged := Logged()).logger), *clocks()
        verifier.verify()
    seconds, busy = (now - then for now, then in zip(clocks(), (begun, computed), strict=True))
    assert (verifier.broken, verifier.events, list(logged.lines())) == (1, 5, [LINE])
    assert busy < seconds / 5  # SHARE of the steps, but for the first one, which also opens the log


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("DELETE FROM stored_events WHERE {position} >= 4", (3, 5, "missing")),
        ("DELETE FROM digests WHERE position = 5", (5, 5, "uncovered")),
        ("UPDATE digests SET registry = digest WHERE number = 8", (1, 250, "unreadable")),
    ],
)
def test_what_is_removed_or_cannot_be_read_is_broken_too(
    store: Store, stored: Log, statement: str, line: tuple[int, int, str]
) -> None:
    tamper(store, statement)
    logged = Logged()
    with Airbook(store) as airbook:
        verifier = Verifier(airbook, logged.logger)
        verifier.verify()
    assert verifier.broken == 1
    assert [(one["first"], one["last"], one["reason"]) for one in logged.lines()] == [line]


def test_a_log_without_digests_does_not_flood_the_log_of_the_daemon(store: Store) -> None:
    logged = Logged()
    with open_log(store) as log:
        for _ in range(MOST_LINES + 5):
            log.append(only(NEW_RESERVATION))
    tamper(store, "UPDATE digests SET digest = ?", bytes(32))
    with Airbook(store) as airbook:
        verifier = Verifier(airbook, logged.logger)
        verifier.verify()
    assert (verifier.broken, len(logged.lines())) == (MOST_LINES + 5, MOST_LINES)


def test_a_store_that_was_taken_away_is_not_read_to_its_end(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.record_five_seats()
    with home.airbook() as airbook:
        assert airbook.log.head()
        verifier = Verifier(airbook, Logged().logger)
        home.store.rename(tmp_path / "elsewhere.db")
        with pytest.raises(StoreError) as raised:
            verifier.verify()
    assert (raised.value.code, verifier.events) == ("store_gone", 0)


def test_an_unfinished_copy_is_not_judged(store: Store, stored: Log) -> None:
    stored.registry.mark_unfinished()
    with Airbook(store) as airbook:
        verifier = Verifier(airbook, Logged().logger)
        with pytest.raises(StoreError) as raised:
            verifier.verify()
    assert (raised.value.code, verifier.events, verifier.finished) == ("store_unfinished", 0, None)


def test_a_store_that_comes_later_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    for name in ("FIRST_SECONDS", "RETRY_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(verifier_module, name, 0.01)
    verifier = Verifier(Airbook(home.kept), Logged().logger)
    with pytest.raises(StoreError, match="There is no store"):
        verifier.verify()
    made = Home(tmp_path / "made")
    made.record_five_seats()
    with made.airbook() as airbook:
        head = airbook.log.head()
    home.store.parent.mkdir()
    with verifying(verifier):
        made.store.rename(home.store)
        until(lambda: verifier.finished, "a pass")
    assert verifier.events >= head > 0


def test_what_is_broken_stays_a_figure_after_a_pass_that_was_interrupted(
    store: Store, stored: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(store, CHANGE.replace("= 3", "= 1"), flipped(stored))
    seen = list[int]()

    def check() -> None:
        seen.append(verifier.broken)
        if seen[-1] and seen.count(1) == 1:
            raise StoreError("store_unreachable", store.url)

    monkeypatch.setattr(verifier_module, "STEP_EVENTS", 1)
    with Airbook(store) as airbook:
        verifier = Verifier(airbook, Logged().logger)
        monkeypatch.setattr(airbook, "check_is_there", check)
        with pytest.raises(StoreError):
            verifier.verify()
        verifier.verify()
    assert seen[0] == 0
    assert set(seen[seen.index(1) :]) == {1}


def test_the_verifier_goes_on_after_a_fault_of_its_own(
    store: Store, stored: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    results: Iterator[RuntimeError | Verification] = iter(
        [RuntimeError("one"), RuntimeError("one"), Verification(stored)]
    )

    def begin(_: Log) -> Verification:
        if isinstance(result := next(results), RuntimeError):
            raise result
        return result

    monkeypatch.setattr(verifier_module, "Verification", begin)
    monkeypatch.setattr(verifier_module, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(verifier_module, "RETRY_SECONDS", 0.01)
    logged = Logged()
    with Airbook(store) as airbook, verifying(verifier := Verifier(airbook, logged.logger)):
        until(lambda: verifier.finished is not None, "a whole pass")
    line = {"event": "verifier_failed", "log_level": "error", "reason": "RuntimeError('one')"}
    assert logged.lines() == [line]
