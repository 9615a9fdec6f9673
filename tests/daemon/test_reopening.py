"""A daemon whose store is taken away: it waits for another, or ends if it ends by itself."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.reopening import await_store
from airbook.application.stores.sqlite import SQLiteStore
from airbook.daemon.approver import Approver
from airbook.daemon.service import Daemon, Until
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Transaction


@pytest.fixture
def airbook(tmp_path: Path) -> Iterator[Airbook]:
    with Airbook(SQLiteStore(tmp_path / "airbook.db")) as opened:
        opened.execute(CreateAirplane(5))
        opened.execute(Reserve(1, "kim"))
        yield opened


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Restore the handlers of signals, which a daemon replaces."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("until", ["idle", "caught_up"])
def test_a_daemon_that_ends_by_itself_ends_with_the_error(
    airbook: Airbook, tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Approver.step

    def take_away_first(approver: Approver) -> Transaction | None:
        if (tmp_path / "airbook.db").exists():
            (tmp_path / "airbook.db").rename(tmp_path / "away.db")
        return step(approver)

    monkeypatch.setattr(Approver, "step", take_away_first)
    daemon = Daemon(airbook, structlog.get_logger(), until)
    with pytest.raises(StoreError) as raised:
        daemon.run()
    assert raised.value.code == "store_gone"


def test_waiting_ends_when_the_daemon_is_stopped(airbook: Airbook, tmp_path: Path) -> None:
    (tmp_path / "airbook.db").unlink()
    asked = iter([False, True])
    await_store(airbook, structlog.get_logger(), lambda: next(asked))
    assert not (tmp_path / "airbook.db").exists()


def test_a_store_that_is_gone_is_not_made_anew_by_its_daemon(
    airbook: Airbook, tmp_path: Path
) -> None:
    daemon = Daemon(airbook, structlog.get_logger())
    assert daemon._open()
    (tmp_path / "airbook.db").unlink()
    with pytest.raises(StoreError) as raised:
        daemon._open()
    assert raised.value.code == "store_gone"
    assert not (tmp_path / "airbook.db").exists()
