"""The figures of a daemon that decides, while another daemon keeps the views or none does."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from errno import ENOSPC

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.observability.decision import Decision
from airbook.application.observability.figures import Figures
from airbook.application.observability.observer import Observers
from airbook.application.stores.store import Store
from airbook.daemon.partition_leases import PartitionLeases
from airbook.daemon.service import Daemon
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.partition import Partition
from airbook.projections.store import Views
from tests.daemon.blocking import long_transaction
from tests.daemon.logged import Logged
from tests.support.stores import open_log
from tests.support.views import catch_up, open_views

ONE, TWO = Partition(1, 2), Partition(2, 2)


class OnFullDisk(Figures):
    """Counts in files, on a disk that has no room for them."""

    def decided(self, decisions: Sequence[Decision], at: datetime) -> None:
        super().decided(decisions, at)
        raise OSError(ENOSPC, "No space left on device")

    def visible(self, decisions: Sequence[Decision], decided_at: datetime, at: datetime) -> None:
        super().visible(decisions, decided_at, at)
        raise OSError(ENOSPC, "No space left on device")


@pytest.fixture
def airbook(store: Store, monkeypatch: pytest.MonkeyPatch) -> Generator[Airbook]:
    """Open a store with an airplane; nothing waits long for a lock, and leases move at once."""
    monkeypatch.setattr("airbook.projections.sqlite.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("airbook.daemon.partition_leases.REBALANCE_SECONDS", 0.0)
    with Airbook(store) as opened:
        opened.execute(CreateAirplane(9))
        yield opened


@pytest.fixture
def elsewhere(airbook: Airbook, store: Store) -> Generator[Views]:
    """Open the same views a second time, as another daemon does."""
    assert airbook.log.head() == 1
    with open_log(store) as log, open_views(log, store) as views:
        catch_up(views)
        yield views


@contextmanager
def watched(
    airbook: Airbook, partitions: int, kind: type[Figures] = Figures
) -> Generator[tuple[Daemon, Figures]]:
    """Open a daemon that holds every partition for a block, and count what it does."""
    daemon, figures = Daemon(airbook, Logged().logger, partitions=partitions), kind(decides=True)
    daemon.watch.observers = Observers(figures)
    assert daemon._open()
    assert daemon.leases.acquire()
    daemon.leases.keep()
    assert len(daemon.own) == partitions
    with closing_leases(daemon.leases):
        yield daemon, figures


@contextmanager
def closing_leases(leases: PartitionLeases) -> Generator[None]:
    """Release leases at the end of a block."""
    try:
        yield
    finally:
        leases.release()


def counted(figures: Figures) -> tuple[int, int]:
    """Return how many decisions were counted when made, and how many when visible."""
    names = ("airbook_decision_seconds_count", "airbook_visible_seconds_count")
    lines = dict(line.rsplit(" ", 1) for line in figures.exposition().decode().splitlines())
    decided, visible = (int(float(lines[name])) for name in names)
    return decided, visible


def decide_behind_locked_views(daemon: Daemon, elsewhere: Views) -> None:
    """Let a daemon decide one request while it cannot write to the views."""
    daemon.airbook.execute(Reserve(1, "kim"))
    with long_transaction(elsewhere, blocks_readers=True):
        daemon._step()


def test_decisions_are_visible_once_the_views_can_be_written(
    airbook: Airbook, elsewhere: Views
) -> None:
    with watched(airbook, partitions=1) as (daemon, figures):
        decide_behind_locked_views(daemon, elsewhere)
        assert counted(figures) == (1, 0)
        daemon.patience.forget("views")  # its pause is over
        daemon._step()
        assert counted(figures) == (1, 1)


def test_what_another_daemon_shows_meanwhile_is_not_measured(
    airbook: Airbook, store: Store, elsewhere: Views
) -> None:
    with watched(airbook, partitions=2) as (daemon, figures):
        decide_behind_locked_views(daemon, elsewhere)
        daemon.leases.held[ONE].release()  # as if it was taken from a daemon that hung
        with closing_leases(other := PartitionLeases(store, 2)):
            assert other.acquire()
            daemon.leases.keep()
            assert daemon.own == {TWO}
            daemon._step()
            catch_up(elsewhere)
        daemon.leases.keep()
        assert daemon.own == {ONE, TWO}
        daemon._step()
        assert counted(figures) == (1, 0)
        airbook.execute(Reserve(1, "lee"))
        daemon._step()
        assert counted(figures) == (2, 1)


def test_what_others_show_until_a_daemon_opens_the_store_again_is_not_measured(
    airbook: Airbook, elsewhere: Views
) -> None:
    with watched(airbook, partitions=1) as (daemon, figures):
        decide_behind_locked_views(daemon, elsewhere)
        catch_up(elsewhere)
        assert daemon._open()
        daemon.patience.forget("views")
        daemon._step()
        assert counted(figures) == (1, 0)
        airbook.execute(Reserve(1, "lee"))
        daemon._step()
        assert counted(figures) == (2, 1)


def test_a_trouble_of_an_observer_keeps_no_decision_back(airbook: Airbook) -> None:
    with watched(airbook, 1, OnFullDisk) as (daemon, figures):
        for _ in range(2):
            airbook.execute(Reserve(1, "kim"))
            daemon._step()
        assert counted(figures) == (2, 2)
