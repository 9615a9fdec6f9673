"""Deciders: the two plain functions of airplanes and of reservations, found by command or kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, get_args

from msgspec import Struct

from airbook.domain import airplane, reservation

Kind = Literal["airplane", "reservation"]
Command = airplane.Command | reservation.Command
Event = airplane.Event | reservation.Event
State = airplane.AirplaneState | reservation.ReservationState


class Decider(Struct, frozen=True):
    """Two plain functions over the events of one kind of stream, and the state they start from.

    kind: the kind of stream. initial: the state before the first event. decide: command and state
    -> events. evolve: state and event -> state. events: the types of its events.
    """

    kind: Kind
    initial: State
    # The types differ from decider to decider; this table cannot name them.
    decide: Callable[[Any, Any], Sequence[Event]]
    evolve: Callable[[Any, Any], State]
    events: tuple[type[Event], ...]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """Return the state after some events, beginning at `state` or else at the initial state."""
        state = self.initial if state is None else state
        for event in events:
            state = self.evolve(state, event)
        return state


AIRPLANE = Decider(
    "airplane",
    airplane.AirplaneState(),
    airplane.decide,
    airplane.evolve,
    get_args(airplane.Event),
)
RESERVATION = Decider(
    "reservation",
    reservation.ReservationState(),
    reservation.decide,
    reservation.evolve,
    get_args(reservation.Event),
)
DECIDERS: dict[str, Decider] = {decider.kind: decider for decider in (AIRPLANE, RESERVATION)}


def decider_of(command: Command) -> Decider:
    """Find the decider of a command."""
    return AIRPLANE if isinstance(command, get_args(airplane.Command)) else RESERVATION
