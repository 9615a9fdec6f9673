"""The rules of the airplane decider: its seats, opening and closing."""

from __future__ import annotations

import pytest

from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    AirplaneOpened,
    AirplaneState,
    AssignSeat,
    ChangeAirplane,
    ChangeSeats,
    CloseAirplane,
    Command,
    CreateAirplane,
    Event,
    OpenAirplane,
    ReleaseSeat,
    SeatAssigned,
    SeatReleased,
    SeatsChanged,
    evolve_in_place,
)
from tests.support.stories import airplane_state_of, given


def taken(*reservations: int) -> tuple[SeatAssigned, ...]:
    """Assign seats to reservations in order, from seat 1."""
    return tuple(SeatAssigned(number, seat) for seat, number in enumerate(reservations, 1))


@pytest.mark.parametrize("seats", [1, 5, 1_000])
def test_an_airplane_has_one_to_a_thousand_seats(seats: int) -> None:
    given().when(CreateAirplane(seats, "Jeju")).then(AirplaneCreated(seats, "Jeju"))


@pytest.mark.parametrize("seats", [-1, 0, 1_001, 2**63])
def test_an_airplane_with_fewer_or_more_seats_is_refused(seats: int) -> None:
    given().when(CreateAirplane(seats)).then_refused("seats_out_of_range", most=1_000)


def test_an_airplane_needs_no_name() -> None:
    given().when(CreateAirplane(5)).then(AirplaneCreated(5, None))


def test_the_first_reservation_gets_the_first_seat() -> None:
    given(AirplaneCreated(5)).when(AssignSeat(7, "open")).then(SeatAssigned(7, seat=1))


def test_the_last_seat_is_assigned() -> None:
    given(AirplaneCreated(5), *taken(1, 2, 3, 4)).when(AssignSeat(5, "open")).then(
        SeatAssigned(5, seat=5)
    )


def test_the_sixth_reservation_of_a_five_seater_is_refused() -> None:
    given(AirplaneCreated(5), *taken(1, 2, 3, 4, 5)).when(AssignSeat(6, "open")).then_refused(
        "no_seats_left", seats=5
    )


def test_the_lowest_free_seat_is_assigned_first() -> None:
    given(
        AirplaneCreated(5), *taken(1, 2, 3, 4), SeatReleased(3, seat=3), SeatReleased(2, seat=2)
    ).when(AssignSeat(9, "open")).then(SeatAssigned(9, seat=2))


def test_a_seat_released_by_a_full_airplane_is_assigned_again() -> None:
    given(AirplaneCreated(2), *taken(1, 2), SeatReleased(1, seat=1)).when(
        AssignSeat(3, "open")
    ).then(SeatAssigned(3, seat=1))


def test_assigning_a_second_time_changes_nothing_even_when_closed_and_full() -> None:
    given(AirplaneCreated(1), *taken(1), AirplaneClosed()).when(AssignSeat(1, "open")).then()


def test_a_reservation_that_released_its_seat_can_be_assigned_one_again() -> None:
    given(AirplaneCreated(2), *taken(1, 2), SeatReleased(2, seat=2)).when(
        AssignSeat(2, "open")
    ).then(SeatAssigned(2, seat=2))


def test_a_seat_is_released_by_its_reservation() -> None:
    given(AirplaneCreated(5), *taken(8, 9)).when(ReleaseSeat(9)).then(SeatReleased(9, seat=2))


def test_a_seat_of_a_closed_airplane_is_released_too() -> None:
    given(AirplaneCreated(5), *taken(8), AirplaneClosed()).when(ReleaseSeat(8)).then(
        SeatReleased(8, seat=1)
    )


def test_releasing_a_seat_that_is_not_taken_changes_nothing() -> None:
    given(AirplaneCreated(5), *taken(1), SeatReleased(1, seat=1)).when(ReleaseSeat(1)).then()


@pytest.mark.parametrize("later", [(), (AirplaneOpened(),)])
def test_a_request_to_a_closed_airplane_is_refused_although_it_opens_later(
    later: tuple[Event, ...],
) -> None:
    given(AirplaneCreated(5), AirplaneClosed(), *later).when(AssignSeat(1, "closed")).then_refused(
        "airplane_closed"
    )


def test_a_request_to_an_open_airplane_gets_a_seat_although_it_closes_later() -> None:
    given(AirplaneCreated(5), AirplaneClosed()).when(AssignSeat(1, "open")).then(
        SeatAssigned(1, seat=1)
    )


def test_a_request_to_a_missing_airplane_is_refused_although_it_is_created_later() -> None:
    given(AirplaneCreated(5)).when(AssignSeat(1, "missing")).then_refused("no_such_airplane")


def test_a_full_and_closed_airplane_is_refused_as_closed() -> None:
    given(AirplaneCreated(1), *taken(1), AirplaneClosed()).when(
        AssignSeat(2, "closed")
    ).then_refused("airplane_closed")


def test_no_seat_beyond_the_last_is_assigned_though_a_foreign_event_has_left_a_number_free() -> (
    None
):
    twice = SeatAssigned(1, seat=1), SeatAssigned(1, seat=2)
    given(AirplaneCreated(2), *twice).when(AssignSeat(2, "open")).then_refused(
        "no_seats_left", seats=2
    )


def test_an_airplane_is_closed_and_opened() -> None:
    given(AirplaneCreated(5)).when(CloseAirplane()).then(AirplaneClosed())
    given(AirplaneCreated(5), AirplaneClosed()).when(OpenAirplane()).then(AirplaneOpened())


def test_closing_a_closed_airplane_and_opening_an_open_one_changes_nothing() -> None:
    given(AirplaneCreated(5), AirplaneClosed()).when(CloseAirplane()).then()
    given(AirplaneCreated(5)).when(OpenAirplane()).then()


def test_seats_are_added_and_assigned() -> None:
    given(AirplaneCreated(1), *taken(1)).when(ChangeSeats(2)).then(SeatsChanged(2))
    given(AirplaneCreated(1), *taken(1), SeatsChanged(2)).when(AssignSeat(2, "open")).then(
        SeatAssigned(2, seat=2)
    )


@pytest.mark.parametrize("seats", [2, 3, 4])
def test_seats_can_be_removed_down_to_the_highest_taken_seat(seats: int) -> None:
    given(AirplaneCreated(5), *taken(1, 2)).when(ChangeSeats(seats)).then(SeatsChanged(seats))


def test_every_seat_but_the_first_can_be_removed_when_none_is_taken() -> None:
    released = SeatReleased(1, seat=1), SeatReleased(2, seat=2)
    given(AirplaneCreated(5), *taken(1, 2), *released).when(ChangeSeats(1)).then(SeatsChanged(1))


@pytest.mark.parametrize("seats", [1, 2, 4])
def test_a_taken_seat_is_not_removed_however_many_below_it_are_free(seats: int) -> None:
    released = tuple(SeatReleased(seat, seat) for seat in (1, 2, 3, 4))
    given(AirplaneCreated(6), *taken(1, 2, 3, 4, 5), *released).when(
        ChangeSeats(seats)
    ).then_refused("seats_taken", highest=5)


def test_after_a_taken_seat_was_removed_none_is_assigned_twice_or_beyond_the_last() -> None:
    """Logs of before that rule may hold such an event."""
    shrunk: tuple[Event, ...] = (
        AirplaneCreated(5),
        *taken(1, 2, 3),
        SeatReleased(1, seat=1),
        SeatsChanged(2),
    )
    given(*shrunk).when(AssignSeat(4, "open")).then_refused("no_seats_left", seats=2)
    given(*shrunk, SeatReleased(2, seat=2)).when(AssignSeat(4, "open")).then(
        SeatAssigned(4, seat=1)
    )


def test_changing_to_the_same_number_of_seats_changes_nothing() -> None:
    given(AirplaneCreated(5)).when(ChangeSeats(5)).then()


@pytest.mark.parametrize("seats", [0, 1_001])
def test_changing_to_fewer_than_one_or_more_than_a_thousand_seats_is_refused(seats: int) -> None:
    given(AirplaneCreated(5)).when(ChangeSeats(seats)).then_refused(
        "seats_out_of_range", most=1_000
    )


@pytest.mark.parametrize(
    "command",
    [ChangeSeats(5), CloseAirplane(), OpenAirplane(), AssignSeat(1, "open"), ReleaseSeat(1)],
)
def test_every_command_to_a_missing_airplane_is_refused(command: Command) -> None:
    given().when(command).then_refused("no_such_airplane")


def test_events_fold_into_the_state_of_an_airplane() -> None:
    events: tuple[Event, ...] = (
        AirplaneCreated(3, "Jeju"),
        *taken(1, 2, 3),
        SeatReleased(2, seat=2),
        AirplaneClosed(),
        SeatsChanged(4),
    )
    expected = AirplaneState("closed", 4, taken={1: 1, 3: 3}, occupied=0b1011)
    assert airplane_state_of(*events) == expected


def test_an_airplane_is_created_once() -> None:
    given(AirplaneCreated(5), *taken(1)).when(CreateAirplane(7)).then_refused("airplane_exists")


def test_events_fold_in_place_as_they_do_in_copies() -> None:
    events: tuple[Event, ...] = (
        AirplaneCreated(3),
        *taken(1, 2),
        SeatReleased(1, seat=1),
        SeatReleased(7, seat=3),
        AirplaneClosed(),
    )
    in_place, before = AirplaneState(), list[AirplaneState]()
    for count, event in enumerate(events, 1):
        in_place = evolve_in_place(in_place, event)
        before.append(airplane_state_of(*events[:count]))
        assert in_place == before[-1]
    assert [len(state.taken) for state in before] == [0, 1, 2, 1, 1, 1]


def test_seats_and_status_are_changed_together_or_one_of_them() -> None:
    closed = given(AirplaneCreated(5), AirplaneClosed())
    closed.when(ChangeAirplane(6, is_open=True)).then(SeatsChanged(6), AirplaneOpened())
    closed.when(ChangeAirplane(6)).then(SeatsChanged(6))
    closed.when(ChangeAirplane(is_open=True)).then(AirplaneOpened())
    closed.when(ChangeAirplane(5, is_open=False)).then()
    closed.when(ChangeAirplane()).then()
    given(AirplaneCreated(5)).when(ChangeAirplane(is_open=False)).then(AirplaneClosed())


def test_a_change_that_is_refused_in_part_is_refused_as_a_whole() -> None:
    full = given(AirplaneCreated(2), *taken(1, 2))
    full.when(ChangeAirplane(1, is_open=False)).then_refused("seats_taken", highest=2)
    full.when(ChangeAirplane(0, is_open=False)).then_refused("seats_out_of_range", most=1000)
    given().when(ChangeAirplane(1)).then_refused("no_such_airplane")
