"""Any clock: positions and decisions depend on the log alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.daemon.approver import Approver
from airbook.domain.airplane import CreateAirplane
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.records import RecordedEvent
from airbook.eventlog.sqlite import lease
from tests.faults.promises import everything, is_healthy, nothing_is_lost
from tests.support.home import Home
from tests.support.stories import NINE
from tests.support.waiting import until


def running(step: timedelta) -> Callable[[], datetime]:
    """Return a clock that moves by a step with each call."""

    def times() -> Iterator[datetime]:
        at = NINE
        while True:
            yield at
            at += step

    return times().__next__


def story(home: Home, clock: Callable[[], datetime]) -> Sequence[RecordedEvent]:
    """Reserve, decide, cancel and decide again with this clock; returns the log."""
    with Airbook(SQLiteStore(home.store), clock=clock) as airbook:
        airbook.execute(CreateAirplane(3))
        approver = Approver(airbook.log, clock)
        for number in range(5):
            airbook.execute(Reserve(1, f"customer {number}"))
            approver.step(limit=2)
        airbook.execute(CancelReservation(), 2)
        airbook.execute(Reserve(1, "kim"))
        while approver.step() is not None:
            pass
    return everything(home)


def without_times(home: Home, events: Sequence[RecordedEvent]) -> list[tuple[object, ...]]:
    with home.airbook() as airbook:
        people = [recorded.event for recorded in events if recorded.type == "ReservationRequested"]
        ids = [getattr(event, "customer", "") for event in people]
        names = airbook.log.registry.customer_names(ids)
    return [
        (
            recorded.position,
            recorded.stream,
            recorded.version,
            recorded.type,
            [names.get(value, value) for value in map(str, fields(recorded))],
        )
        for recorded in events
    ]


def fields(recorded: RecordedEvent) -> list[object]:
    names: tuple[str, ...] = getattr(recorded.event, "__struct_fields__", ())
    return [getattr(recorded.event, name) for name in names]


@pytest.mark.parametrize("days", [-3, 0, 1000])
def test_a_clock_that_steps_back_changes_nothing_but_times(days: int, tmp_path: Path) -> None:
    usual, strange = Home(tmp_path / "usual"), Home(tmp_path / "strange")
    expected = story(usual, running(timedelta(seconds=1)))
    events = story(strange, running(timedelta(days=days)))
    assert without_times(strange, events) == without_times(usual, expected)
    assert [recorded.at for recorded in events] != [recorded.at for recorded in expected]
    nothing_is_lost(strange, frozenset())
    is_healthy(strange)


@pytest.mark.parametrize("days", [-3, 3])
def test_a_daemon_whose_heartbeat_is_of_another_day_keeps_deciding(
    days: int, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    assert home.here("admin", "add-plane", "--seats", "3").code == 0
    with home.daemon() as daemon, home.airbook() as airbook:
        heartbeat = lease.last_heartbeat(home.lease)
        assert heartbeat is not None
        with home.lease.open("r+") as file:
            at = heartbeat.at + days * 86_400
            file.write(f'{{"pid":{daemon.pid},"at":{at}}}'.ljust(lease.WIDTH))
        number = airbook.execute(Reserve(1, "kim")).number
        until(lambda: airbook.log.head() == number + 3, "the decision")
        until(lambda: home.daemon_pid() == daemon.pid, "a heartbeat of today")
    is_healthy(home)
