"""The write-ahead log is checkpointed as it grows, also after something prevented that."""

from __future__ import annotations

import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from airbook.domain.airplane import AirplaneCreated, SeatAssigned
from airbook.domain.reservation import ReservationApproved, ReservationRequested
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Receipt, Transaction
from airbook.eventlog.sqlite.checkpoint import CHECK_EVERY, CHECKPOINT_PAGES
from tests.support.processes import SECONDS
from tests.support.stores import by_hand, open_log
from tests.support.stories import NINE, of_airplane, record

MEGABYTE = 1024 * 1024
LIMIT = 10 * MEGABYTE
BATCH = 500
REQUESTED = Append("reservation", None, 0, (ReservationRequested(1, "c0123456789abcdef"),))


def wal(store: Path) -> int:
    return store.with_name(f"{store.name}-wal").stat().st_size


def request(log: Log, store: Path, many: int = 1) -> int:
    """Commit some requests at once; returns the size of the write-ahead log in bytes."""
    log.append(Transaction(at=NINE, appends=[REQUESTED] * many))
    return wal(store)


def approve(log: Log, store: Path, first: int) -> int:
    """Decide a batch in one commit; returns the size of the write-ahead log in bytes."""
    numbers = range(first, first + BATCH)
    assigned = tuple(SeatAssigned(number, number) for number in numbers)
    approved = [Append("reservation", n, 1, (ReservationApproved(1, n),)) for n in numbers]
    log.append(Transaction(at=NINE, appends=[Append("airplane", 1, first, assigned), *approved]))
    return wal(store)


def test_many_small_commits_keep_it_small(log: Log, path: Path) -> None:
    # Each commit writes at least three pages: 12 MB together.
    assert max(request(log, path) for _ in range(1_000)) < LIMIT


def test_large_batches_of_requests_and_decisions_keep_it_small(log: Log, path: Path) -> None:
    record(log, *of_airplane(1, AirplaneCreated(1_000)))
    rounds = 40
    requesting = [request(log, path, many=BATCH) for _ in range(rounds)]
    deciding = [approve(log, path, 1 + done * BATCH) for done in range(rounds)]
    assert max(requesting + deciding) < LIMIT


def test_a_small_commit_empties_a_log_that_other_processes_filled(log: Log, path: Path) -> None:
    with open_log(path) as reader, by_hand(path) as other:
        assert reader.head() == 0
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("CREATE TABLE ballast AS SELECT zeroblob(20000000)")
        assert wal(path) > LIMIT
        assert request(log, path) == 0


def test_it_is_small_again_after_a_long_read(log: Log, path: Path) -> None:
    count = "SELECT count(*) FROM stored_events"
    with by_hand(path) as reader:
        reader.execute("BEGIN")
        assert reader.execute(count).fetchone() == (0,)
        while request(log, path, many=10 * BATCH) < LIMIT:
            assert reader.execute(count).fetchone() == (0,)
        reader.execute("COMMIT")
        assert min(request(log, path) for _ in range(CHECK_EVERY)) < LIMIT
        assert reader.execute(count).fetchone() == (log.head(),)


@contextmanager
def no_larger_than(size: int) -> Generator[None]:
    """Fail the writes of this process that would make a file larger than `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_commit_is_acknowledged_and_wakes_listeners_although_its_checkpoint_fails(
    log: Log, path: Path
) -> None:
    large = 10 * BATCH  # so many events that each commit makes a checkpoint
    for _ in range(3):
        request(log, path, many=large)
    with by_hand(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with log.listener() as listener, no_larger_than(path.stat().st_size):
        receipt = log.append(Transaction(at=NINE, appends=[REQUESTED] * large))
        assert receipt == Receipt(4 * large, 4 * large)
        assert listener.wait(SECONDS)
        with pytest.raises(StoreError) as trouble:
            log.note_written(CHECKPOINT_PAGES)
        assert trouble.value.code == "store_full"
    assert log.head() == 4 * large
    log.note_written(CHECKPOINT_PAGES)
    assert request(log, path) < LIMIT
