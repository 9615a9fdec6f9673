"""Which noun a command speaks to, and how the facts of its stream add up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, get_args

from msgspec import Struct

from airbook.domain import airplane, reservation

Kind = str
Command = airplane.Command | reservation.Command
Fact = airplane.Fact | reservation.Fact
State = airplane.Cabin | reservation.Booking
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Stream(NamedTuple):
    """The facts of one airplane or one reservation; written airplane-1, reservation-6."""

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


class Noun(Struct, frozen=True):
    """Two plain functions and what they start from."""

    kind: Kind
    initial: State
    # Each noun's functions take its own commands, facts and state; which ones, only the noun knows.
    decide: Callable[[Any, Any], Sequence[Fact]]
    evolve: Callable[[Any, Any], State]
    facts: tuple[type[Fact], ...]

    def fold(self, facts: Iterable[Fact], state: State | None = None) -> State:
        """Add facts up, from the initial state unless another is given."""
        state = self.initial if state is None else state
        for fact in facts:
            state = self.evolve(state, fact)
        return state


AIRPLANE = Noun(
    "airplane", airplane.Cabin(), airplane.decide, airplane.evolve, get_args(airplane.Fact)
)
RESERVATION = Noun(
    "reservation",
    reservation.Booking(),
    reservation.decide,
    reservation.evolve,
    get_args(reservation.Fact),
)
NOUNS = {noun.kind: noun for noun in (AIRPLANE, RESERVATION)}


def noun_of(command: Command) -> Noun:
    """Find the noun a command speaks to."""
    return AIRPLANE if isinstance(command, get_args(airplane.Command)) else RESERVATION
