"""The verifier: a thread of the daemon that compares the log with its digests, again and again."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from threading import Event as Flag
from threading import Thread

from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError
from airbook.eventlog.verification import Verification

STEP_EVENTS = 250  # half a millisecond: decisions wait no longer for the interpreter
SHARE = 0.01  # of one processor, while a pass lasts
FIRST_SECONDS = 1.0  # by then, the daemon has usually opened the store
REST_SECONDS = 60.0  # between two passes
RETRY_SECONDS = 5.0  # until a store that does not answer is asked again
MOST_LINES = 20  # about broken commits


class Verifier:
    """Reads the whole log in passes, and reports the commits that are not what was stored.

    Other threads read its figures. events: compared so far, in all passes. finished: when the last
    whole pass ended, in seconds since 1970; None before.
    """

    def __init__(self, airbook: Airbook, log: FilteringBoundLogger) -> None:
        """airbook: the store, which belongs to this object alone. log: of the daemon."""
        self._airbook = airbook
        self._log = log
        self._stopping = Flag()
        self._said = set[str]()
        self._found = self._found_before = 0
        self.events = 0
        self.finished: float | None = None

    @property
    def broken(self) -> int:
        """Return how many commits are broken, as the last whole pass or the present one found."""
        return max(self._found, self._found_before)

    def stop(self) -> None:
        """Let `run` end after the present step."""
        self._stopping.set()

    def run(self) -> None:
        """Make one pass after another until stopped."""
        seconds = FIRST_SECONDS
        while not self._stopping.wait(seconds):
            try:
                # Between two passes nothing is open: the next one finds what is there by then.
                with closing(self._airbook):
                    self.verify()
                seconds = REST_SECONDS
            except StoreError:  # the loop of the daemon meets the same trouble, and tells it
                seconds = RETRY_SECONDS
            except Exception as error:  # noqa: BLE001 -- the log would not be compared any more
                self._say("verifier_failed", reason=repr(error))
                seconds = RETRY_SECONDS

    def verify(self) -> None:
        """Make one pass; stopped, leave it. Raises StoreError, except for damaged rows."""
        self._found = position = 0
        try:
            self._airbook.check_is_finished()
            verification = Verification(self._airbook.log)
            has_more = True
            while has_more:
                begun = time.monotonic()
                self._airbook.check_is_there()
                has_more = verification.step(STEP_EVENTS)
                self.events += verification.position - position
                position = verification.position
                for one in verification.broken[self._found :]:
                    self._report(one.after + 1, one.position, one.reason)
                pause = (time.monotonic() - begun) * (1 / SHARE - 1)
                if has_more and self._stopping.wait(pause):
                    return
        except StoreError as error:
            if error.code != "store_damaged":
                self._found_before = self.broken  # until a whole pass has found them mended
                raise
            self._report(position + 1, position + STEP_EVENTS, "unreadable")
        self._found_before, self._found, self.finished = self._found, 0, time.time()

    def _report(self, first: int, last: int, reason: str) -> None:
        self._found += 1
        self._say("chain_broken", first=first, last=last, reason=reason)

    def _say(self, event: str, **values: object) -> None:
        """Log an error once, and not more than MOST_LINES of them."""
        line = repr((event, values))
        if line not in self._said and len(self._said) < MOST_LINES:
            self._said.add(line)
            with suppress(OSError):  # a log that cannot be written ends the daemon's own loop
                self._log.error(event, **values)


@contextmanager
def verifying(verifier: Verifier) -> Generator[None]:
    """Let a verifier run on a thread of its own for the duration of a block."""
    thread = Thread(target=verifier.run, name="verifier", daemon=True)
    thread.start()
    try:
        yield
    finally:
        verifier.stop()
        thread.join()
