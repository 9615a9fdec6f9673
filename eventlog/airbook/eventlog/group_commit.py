"""Group commit: what several threads want stored at once is stored together, synced once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from threading import Lock

from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Answer, Transaction

MOST = 500  # changes in a commit; one who brings more is not divided
COLLECT_SECONDS = 0.002
STEP_SECONDS = 0.0001


class Place:
    """Changes in the queue, and the thread that waits for its answers or for its turn to lead."""

    def __init__(self, transactions: Sequence[Transaction]) -> None:
        self.transactions = transactions
        self.answers: Sequence[Answer] = ()
        self.error: BaseException | None = None
        self.is_done = self.leads = False
        self._asleep = Lock()
        self._asleep.acquire()

    def wait(self) -> None:
        """Sleep until woken."""
        self._asleep.acquire()

    def wake(self) -> None:
        """Wake whoever waits in this place."""
        self._asleep.release()


class GroupCommit:
    """Commits a group at a time; one of those who wait leads, and names who leads next.

    Who comes alone is served alone, at once. Where the last group was large, whoever leads waits a
    moment for as many again.
    """

    def __init__(self, commit: Callable[[Sequence[Transaction]], Sequence[Answer]]) -> None:
        self._commit = commit
        self._queue: deque[Place] = deque()
        self._entering = Lock()
        self._is_led = False
        self._expected = 1

    def commit(self, transactions: Sequence[Transaction]) -> Sequence[Answer]:
        """Store changes; returns their own answers. Raises what went wrong with them."""
        place = Place(transactions)
        with self._entering:
            self._queue.append(place)
            leads = place.leads = not self._is_led
            self._is_led = True
        try:
            if not leads:
                place.wait()
            if not place.is_done:
                self._lead(place)
        except BaseException:  # Ctrl-C: nobody may wait for us to lead
            self._leave(place)
            raise
        if place.error is not None:
            raise place.error
        return place.answers

    def _lead(self, leader: Place) -> None:
        """Commit those who wait, the leader first among them, and hand the lead on."""
        group: list[Place] = []
        try:
            self._collect()
            self._take(group)
            self._expected = len(group)
            self._commit_all(group)
        except BaseException as error:
            for place in group:
                place.error = error  # whether theirs is stored, nobody knows
            raise
        finally:
            for place in group:
                place.is_done = True
                if place is not leader:
                    place.wake()
            with self._entering:
                self._hand_on()

    def _commit_all(self, group: Sequence[Place]) -> None:
        try:
            answers = iter(self._commit([one for place in group for one in place.transactions]))
            for place in group:
                place.answers = list(islice(answers, len(place.transactions)))
        except Exception as error:  # noqa: BLE001 -- whoever is at fault hears of it
            if len(group) == 1 or isinstance(error, StoreError):
                for place in group:
                    place.error = error
            else:
                for place in group:
                    self._commit_all([place])

    def _hand_on(self) -> None:
        self._is_led = bool(self._queue)
        if self._queue:
            self._queue[0].leads = True
            self._queue[0].wake()

    def _leave(self, place: Place) -> None:
        with self._entering:
            if place in self._queue:
                self._queue.remove(place)
                if place.leads:
                    self._hand_on()

    def _collect(self) -> None:
        until = time.monotonic() + COLLECT_SECONDS
        while len(self._queue) < self._expected and time.monotonic() < until:
            time.sleep(STEP_SECONDS)

    def _take(self, group: list[Place]) -> None:
        transactions = 0
        while self._queue and transactions < MOST:
            group.append(self._queue.popleft())
            transactions += len(group[-1].transactions)
