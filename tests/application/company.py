"""A store, and people who give commands."""

from __future__ import annotations

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.event_filter import event_filter
from airbook.application.event_responses import event_responses
from airbook.application.paging import WindowRequest, events
from airbook.application.stores.store import Store
from airbook.application.text.labels import Labels
from airbook.daemon.approver import Approver
from airbook.domain.decider import Command
from airbook.eventlog.log import Log
from tests.support.stories import NINE

ENGLISH = Labels("en")


class Company:
    """A store, and people who give commands; `actor` gives the next ones."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.actor: str | None = "kim"
        self.airbook = Airbook(store, actor=lambda: self.actor)

    @property
    def log(self) -> Log:
        return self.airbook.log

    def give(
        self, actor: str | None, command: Command | Reserve, number: int | None = None
    ) -> None:
        self.actor = actor
        self.airbook.execute(command, number)

    def decide(self) -> None:
        while Approver(self.log, lambda: NINE).step():
            pass

    def acted(self) -> list[tuple[str | None, int | None]]:
        return [(one.by, one.cause) for one in event_responses(self.log, self.log.after(0))]

    def found(self, typed: str) -> list[int]:
        """List the positions of the events that a filter matches, the newest first."""
        window = events(self.log, event_filter(typed, ENGLISH), WindowRequest(0, 20), NINE)
        assert window.complaint is None
        return [one.position for one in window.rows]
