"""Which noun a command speaks to, and how the events of its stream add up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, get_args

from msgspec import Struct

from airbook.domain import airplane, reservation

Kind = str
Command = airplane.Command | reservation.Command
Event = airplane.Event | reservation.Event
State = airplane.AirplaneState | reservation.ReservationState
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Stream(NamedTuple):
    """The events of one airplane or one reservation; written airplane-1, reservation-6."""

    kind: Kind
    number: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}" if self.number else self.kind

    @classmethod
    def parse(cls, text: str) -> Stream:
        """Read airplane-1 or reservation-6; a name airbook never gave is all kind and no number."""
        kind, _, number = text.rpartition("-")
        if NUMBER.fullmatch(number):
            return cls(kind, int(number))
        return cls(text, 0)


class Decider(Struct, frozen=True):
    """Two plain functions and what they start from."""

    kind: Kind
    initial: State
    # Each decider's functions take its own types, which this table cannot name.
    decide: Callable[[Any, Any], Sequence[Event]]
    evolve: Callable[[Any, Any], State]
    events: tuple[type[Event], ...]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """Add events up, from the initial state unless another is given."""
        state = self.initial if state is None else state
        for event in events:
            state = self.evolve(state, event)
        return state


AIRPLANE = Decider(
    "airplane", airplane.AirplaneState(), airplane.decide, airplane.evolve, get_args(airplane.Event)
)
RESERVATION = Decider(
    "reservation",
    reservation.ReservationState(),
    reservation.decide,
    reservation.evolve,
    get_args(reservation.Event),
)
DECIDERS = {decider.kind: decider for decider in (AIRPLANE, RESERVATION)}


def decider_of(command: Command) -> Decider:
    """Find the noun a command speaks to."""
    return AIRPLANE if isinstance(command, get_args(airplane.Command)) else RESERVATION
