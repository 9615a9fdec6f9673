"""The health of the store and of its daemon, as another process sees them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import TypeVar

from airbook.application.airbook import Airbook
from airbook.application.observability.health import Health
from airbook.application.observability.pending import oldest_pending
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import HeartbeatWatch
from airbook.eventlog.records import RecordedEvent

SILENT_SECONDS = 3.0  # without a heartbeat; probes are to see it within 5 s
STUCK_SECONDS = 3.0  # with the same oldest request
DOUBT_SECONDS = 1.0  # a daemon that works off a backlog decides an older request in this time
LOOK_SECONDS = 0.05
REPORT_SECONDS = 0.5  # how long a report on the daemon is given again
Result = TypeVar("Result")


class StoreHealth:
    """Asks a store for its health, one question at a time; it belongs to this object alone.

    The sentences name no file and no host: whoever can reach the port can read them.
    """

    def __init__(self, airbook: Airbook) -> None:
        self.airbook = airbook
        self._asking = Lock()
        self._watch = HeartbeatWatch()
        self._report_until = float("-inf")

    def store(self) -> Health:
        """Report whether the store answers."""
        return self._ask(lambda: Health("UP", details={"position": self.airbook.log.head()}))

    def daemon(self) -> Health:
        """Report whether a daemon lives and decides what is pending.

        A report is given again for a moment, however many probes ask: a new one can take seconds.
        """
        return self._ask(self._recent)

    def _recent(self) -> Health:
        if time.monotonic() >= self._report_until:
            self._report = self._daemon()
            self._report_until = time.monotonic() + REPORT_SECONDS
        return self._report

    def _ask(self, question: Callable[[], Health]) -> Health:
        with self._asking:
            try:
                self.airbook.check_is_there()
                return question()
            except StoreError as error:
                self.airbook.close()  # the next question opens what is there by then
                return Health("DOWN", details={"waits_for": "the store", "code": error.code})

    def _daemon(self) -> Health:
        heartbeats = self.airbook.log.diagnostics.heartbeats().values()
        if not heartbeats:
            return Health("DOWN", details={"waits_for": "a daemon"})
        age = round(max(one.age() for one in heartbeats), 3)
        details = {"heartbeat_age_seconds": max(0.0, age)}
        if age >= SILENT_SECONDS:
            return Health("DOWN", details={**details, "waits_for": "a heartbeat"})
        if stuck := self._stuck():
            waited = {"waits_for": "a decision", "reservation": stuck.stream.number}
            return Health("DOWN", details={**details, **waited})
        return Health("UP", details=details)

    def _stuck(self) -> RecordedEvent | None:
        """Return the oldest pending request if it stays the oldest; None while decisions come."""
        until = time.monotonic() + DOUBT_SECONDS
        while True:
            oldest = oldest_pending(self.airbook.log)
            seconds = self._watch.seconds_unchanged(oldest and oldest.position)
            if oldest is None:
                return None
            age = (self.airbook.clock() - datetime.fromisoformat(oldest.at)).total_seconds()
            if seconds >= STUCK_SECONDS:
                return oldest
            if age < STUCK_SECONDS:
                return None
            if time.monotonic() >= until:
                return oldest if seconds >= DOUBT_SECONDS / 2 else None
            time.sleep(LOOK_SECONDS)
