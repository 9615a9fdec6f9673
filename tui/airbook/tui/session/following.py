"""Noticing that the log has grown, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

from textual.message import Message

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError
from airbook.eventlog.subscription import ticks

REFRESH_SECONDS = 0.1  # ten times a second, whatever the log does
PULSE_SECONDS = 0.5


class Moved(Message):
    """The log has come to another position."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class Follower:
    """Tells of every move of the log, at most ten times a second."""

    def __init__(
        self, open_airbook: Callable[[], Airbook], tell: Callable[[Message], object]
    ) -> None:
        self._open_airbook = open_airbook
        self._tell = tell
        self._stopped = threading.Event()

    def run(self) -> None:
        """Follow until stopped; a store that is lost is opened anew."""
        while not self._stopped.is_set():
            try:
                with closing(self._open_airbook()) as airbook:
                    self._follow(airbook)
            except StoreError:
                self._stopped.wait(PULSE_SECONDS)

    def stop(self) -> None:
        """End `run`, within POLL_SECONDS if the store answers."""
        self._stopped.set()

    def _follow(self, airbook: Airbook) -> None:
        last = -1
        with closing(ticks(airbook.log, stop=self._stopped.is_set)) as ticking:
            for _ in ticking:
                if airbook.log.diagnostics.is_gone():
                    raise StoreError("store_missing", airbook.store.url)
                head = airbook.log.head()
                if head != last:
                    last = head
                    self._tell(Moved(head))
                    self._stopped.wait(REFRESH_SECONDS)
