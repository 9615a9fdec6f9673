"""Actors: processes that reserve and may be killed; `python -m tests.faults.actors` is one.

An actor reserves under numbered keys of its own, and writes each answer to a file at once. When it
is started again, it continues after its last answer: a request without an answer is sent again
under the same key.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.errors import StoreError
from tests.faults.independent_checker import Kept
from tests.faults.promises import Acknowledged
from tests.support.home import Home
from tests.support.running import Process

Result = TypeVar("Result")
CANCELS_EVERY = 7


class ActorAnswer(NamedTuple):
    """An answer that an actor received: the number of the reservation it made or cancelled."""

    verb: str
    number: int


class Actor(NamedTuple):
    """One actor.

    times: how many requests it makes. rest: seconds between them. cancels: it cancels its last
    reservation at every CANCELS_EVERYth turn. patient: it repeats a request, under the same key,
    after an error of the store that may pass.
    """

    name: str
    home: Home
    times: int
    rest: float = 0.0
    planes: int = 1
    cancels: bool = False
    patient: bool = False

    @property
    def answers(self) -> Path:
        return self.home.folder / f"{self.name}.answers"

    def start(self) -> Process:
        whether = (int(self.cancels), int(self.patient))
        words = (self.name, self.times, self.rest, self.planes, *whether)
        return self.home.start_module("tests.faults.actors", *map(str, words))

    def received(self) -> list[ActorAnswer]:
        """Return the answers in the file of the actor, without a last line that is cut off."""
        text = self.answers.read_text() if self.answers.exists() else ""
        lines = text.split("\n")[:-1]
        return [ActorAnswer(verb, int(number)) for verb, number in map(str.split, lines)]

    def acknowledged(self) -> Acknowledged:
        events = {"reserved": "ReservationRequested", "cancelled": "ReservationCancelled"}
        return {
            (f"reservation-{answer.number}", events[answer.verb])
            for answer in self.received()
            if answer.verb in events
        }

    def kept(self) -> Sequence[Kept]:
        """Return the reservations that this actor was told of, with the key of each."""
        return [
            Kept(f"reservation-{answer.number}", "ReservationRequested", key=f"{self.name}-{turn}")
            for turn, answer in enumerate(self.received())
            if answer.verb == "reserved"
        ]

    def play(self) -> None:
        """Reserve until there are `times` answers."""
        received = self.received()
        with self.home.airbook() as airbook, self.answers.open("a", buffering=1) as answers:
            for answer in self.ask(airbook, received):
                answers.write(f"{answer.verb} {answer.number}\n")
                time.sleep(self.rest)

    def ask(self, airbook: Airbook, received: Sequence[ActorAnswer]) -> Iterator[ActorAnswer]:
        last = received[-1].number if received else 0
        for turn in range(len(received), self.times):
            if self.cancels and turn % CANCELS_EVERY == CANCELS_EVERY - 1:
                yield self.persist(partial(cancelled, airbook, last))
                continue
            key, plane = f"{self.name}-{turn}", 1 + turn % self.planes
            last = self.persist(partial(airbook.execute, Reserve(plane, self.name), key=key)).number
            yield ActorAnswer("reserved", last)

    def persist(self, ask: Callable[[], Result]) -> Result:
        """Send a request, and repeat it after passing errors if the actor is patient."""
        while True:
            try:
                return ask()
            except StoreError as error:
                if not (self.patient and error.passing):
                    raise


def cancelled(airbook: Airbook, number: int) -> ActorAnswer:
    with suppress(Refused):  # rejected, or cancelled before this actor was killed
        airbook.execute(CancelReservation(), number)
        return ActorAnswer("cancelled", number)
    return ActorAnswer("refused", number)


if __name__ == "__main__":
    name, times, rest, planes, cancels, patient = sys.argv[1:]
    home = Home(Path(os.environ["AIRBOOK_HOME"]).parent, os.environ.get("AIRBOOK_STORE"))
    whether = (cancels == "1", patient == "1")
    Actor(name, home, int(times), float(rest), int(planes), *whether).play()
