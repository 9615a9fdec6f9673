"""The decider of each command, folding, and the names of streams."""

from __future__ import annotations

from typing import get_args

import pytest

from airbook.domain import airplane, reservation
from airbook.domain.decider import AIRPLANE, DECIDERS, RESERVATION, Command, Decider, decider_of
from airbook.eventlog.records import Stream

COMMANDS: dict[Command, Decider] = {
    airplane.CreateAirplane(5): AIRPLANE,
    airplane.ChangeSeats(5): AIRPLANE,
    airplane.CloseAirplane(): AIRPLANE,
    airplane.OpenAirplane(): AIRPLANE,
    airplane.ChangeAirplane(6): AIRPLANE,
    airplane.AssignSeat(6, "open"): AIRPLANE,
    airplane.ReleaseSeat(6): AIRPLANE,
    reservation.RequestReservation(1, "c1"): RESERVATION,
    reservation.ApproveReservation(1): RESERVATION,
    reservation.RejectReservation("no_seats_left"): RESERVATION,
    reservation.CancelReservation(): RESERVATION,
}


def test_each_command_has_its_decider() -> None:
    assert {command: decider_of(command).kind for command in COMMANDS} == {
        command: decider.kind for command, decider in COMMANDS.items()
    }
    assert {type(command) for command in COMMANDS} == set(get_args(Command))


def test_airplane_and_reservation_are_the_deciders() -> None:
    assert {kind: (decider.kind, decider.initial) for kind, decider in DECIDERS.items()} == {
        "airplane": ("airplane", airplane.AirplaneState()),
        "reservation": ("reservation", reservation.ReservationState()),
    }


@pytest.mark.parametrize(
    ("stream", "text"),
    [(Stream("airplane", 1), "airplane-1"), (Stream("reservation", 60), "reservation-60")],
)
def test_the_name_of_a_stream_is_written_and_parsed(stream: Stream, text: str) -> None:
    assert (str(stream), Stream.parse(text)) == (text, stream)


def test_folding_continues_from_a_state() -> None:
    events = (airplane.AirplaneCreated(2), airplane.SeatAssigned(6, 1), airplane.AirplaneClosed())
    halfway = AIRPLANE.fold(events[:1])
    assert AIRPLANE.fold(events[1:], halfway) == AIRPLANE.fold(events)
    assert halfway == airplane.AirplaneState("open", 2)
