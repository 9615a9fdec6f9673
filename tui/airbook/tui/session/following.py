"""A thread that watches the log and reports each new head."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

from textual.message import Message

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError
from airbook.eventlog.subscription import ticks

REFRESH_SECONDS = 0.1  # at most ten reports a second, however fast the log grows
REOPEN_SECONDS = 0.5


class LogAdvanced(Message):
    """The log has a new head. position: the position of its last event."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class LogWatcher:
    """Reports each new head of the log, at most ten times a second."""

    def __init__(
        self, open_airbook: Callable[[], Airbook], report: Callable[[Message], object]
    ) -> None:
        """report: called with a LogAdvanced, on the watcher's thread."""
        self._open_airbook = open_airbook
        self._report = report
        self._stopped = threading.Event()

    def run(self) -> None:
        """Watch the log until `stop` is called; after a StoreError, open the store again."""
        while not self._stopped.is_set():
            try:
                with closing(self._open_airbook()) as airbook:
                    self._follow(airbook)
            except StoreError:
                self._stopped.wait(REOPEN_SECONDS)

    def stop(self) -> None:
        """End `run`, within POLL_SECONDS if the store answers."""
        self._stopped.set()

    def _follow(self, airbook: Airbook) -> None:
        last = -1
        with closing(ticks(airbook.log, stop=self._stopped.is_set)) as ticking:
            for _ in ticking:
                head = airbook.log.head()
                if head != last:
                    last = head
                    self._report(LogAdvanced(head))
                    self._stopped.wait(REFRESH_SECONDS)
