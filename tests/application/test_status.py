"""The status of a store whose log grows while it is read."""

from __future__ import annotations

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from tests.support.commands import Commands
from tests.support.stores import recorder_of


class GrowingLog(Log):
    """A log to which another process appends a request before each answer of `head`."""

    def head(self) -> int:
        Commands(Log(recorder_of(self))).execute(Reserve(1, "kim"))
        return super().head()


def test_the_counts_hold_every_event_up_to_the_position(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.create_if_missing()
        airbook.log = GrowingLog(recorder_of(airbook.log))
        status = airbook.queries.status()
    assert status.reservations["received"] >= status.position
