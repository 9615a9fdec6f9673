"""Random stories: the events that follow from random commands."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from hypothesis import strategies

from airbook.domain.airplane import (
    AirplaneState,
    ChangeSeats,
    CloseAirplane,
    CreateAirplane,
    OpenAirplane,
    Status,
)
from airbook.domain.approval import settle
from airbook.domain.decider import DECIDERS, Command, Event, State
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation, RequestReservation, ReservationState
from airbook.eventlog.records import Stream
from tests.support.stories import StoryEvent

Verb = Literal["create", "change", "close", "open", "request", "cancel", "settle"]
VERBS: tuple[Verb, ...] = ("create", "change", "close", "open", "request", "cancel", "settle")
OFTEN: tuple[Verb, ...] = ("request", "settle", "settle", "cancel")


class StoryWriter:
    """Executes commands in memory; the events are a story.

    Airplanes and reservations are numbered in the order in which they begin.
    """

    def __init__(self) -> None:
        self.story = list[StoryEvent]()
        self.requested = dict[int, Status]()

    def go_on(self, verb: Verb, number: int) -> None:
        """Execute one more command, on one of three airplanes or on any reservation."""
        plane = Stream("airplane", 1 + number % 3)
        one = Stream("reservation", 1 + number % max(1, self.begun("reservation")))
        match verb:
            case "create":
                new = Stream("airplane", self.begun("airplane") + 1)
                self.ask(new, CreateAirplane(1 + number, f"plane {number}"))
            case "change":
                self.ask(plane, ChangeSeats(1 + number))
            case "close":
                self.ask(plane, CloseAirplane())
            case "open":
                self.ask(plane, OpenAirplane())
            case "request":
                new = Stream("reservation", self.begun("reservation") + 1)
                self.requested[new.number] = self.airplane_state(plane).status
                self.ask(new, RequestReservation(plane.number, f"c{number}"))
            case "cancel":
                self.ask(one, CancelReservation())
            case "settle":
                self.settle(one)

    def begun(self, kind: str) -> int:
        return len({stream for stream, _ in self.story if stream.kind == kind})

    def state(self, stream: Stream) -> State:
        return DECIDERS[stream.kind].fold(event for of, event in self.story if of == stream)

    def airplane_state(self, stream: Stream) -> AirplaneState:
        state = self.state(stream)
        assert isinstance(state, AirplaneState)
        return state

    def ask(self, stream: Stream, command: Command) -> None:
        with suppress(Refused):
            self.append(stream, *DECIDERS[stream.kind].decide(command, self.state(stream)))

    def settle(self, stream: Stream) -> None:
        reservation_state = self.state(stream)
        assert isinstance(reservation_state, ReservationState)
        plane = Stream("airplane", reservation_state.airplane)
        airplane_state = self.airplane_state(plane)
        requested = self.requested.get(stream.number, "missing")
        settlement = settle(stream.number, reservation_state, airplane_state, requested)
        self.append(plane, *settlement.airplane)
        self.append(stream, *settlement.reservation)

    def append(self, stream: Stream, *events: Event) -> None:
        self.story += [StoryEvent(stream, event) for event in events]


def write(steps: list[tuple[Verb, int]]) -> tuple[StoryEvent, ...]:
    writer = StoryWriter()
    for verb, number in steps:
        writer.go_on(verb, number)
    return tuple(writer.story)


STORIES = strategies.lists(
    strategies.tuples(strategies.sampled_from(VERBS + OFTEN), strategies.integers(0, 9)),
    min_size=10,
    max_size=60,
).map(write)
