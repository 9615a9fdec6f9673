"""Random commands, settled in random order, never assign a seat twice."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings, strategies
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from airbook.domain import airplane, reservation
from airbook.domain.airplane import AirplaneState, highest_taken
from airbook.domain.approval import settle
from airbook.domain.refusal import Refused
from airbook.domain.reservation import ReservationApproved, ReservationRejected, ReservationState

AIRPLANES = strategies.integers(1, 3)
SEATS = strategies.integers(0, 4)


class Airline(RuleBasedStateMachine):
    """A few small airplanes, and reservations that are settled at any time and repeatedly."""

    numbers = Bundle[int]("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.states = dict[int, AirplaneState]()
        self.reservations = dict[int, ReservationState]()
        self.requested = dict[int, airplane.Status]()
        self.decided = dict[int, int]()

    @rule(number=AIRPLANES, seats=SEATS)
    def create(self, number: int, seats: int) -> None:
        if number not in self.states:
            self.ask(number, airplane.CreateAirplane(seats))

    @rule(
        number=AIRPLANES,
        command=strategies.builds(airplane.ChangeSeats, SEATS)
        | strategies.sampled_from([airplane.CloseAirplane(), airplane.OpenAirplane()]),
    )
    def ask(self, number: int, command: airplane.Command) -> None:
        airplane_state = self.states.get(number, AirplaneState())
        with suppress(Refused):
            self.happened(number, *airplane.decide(command, airplane_state))

    @rule(target=numbers, to=AIRPLANES)
    def request(self, to: int) -> int:
        number = len(self.reservations) + 1
        requested = reservation.decide(reservation.RequestReservation(to, "c1"), ReservationState())
        self.requested[number] = self.states.get(to, AirplaneState()).status
        self.became(number, *requested)
        return number

    @rule(number=numbers)
    def cancel(self, number: int) -> None:
        with suppress(Refused):
            cancelled = reservation.decide(
                reservation.CancelReservation(), self.reservations[number]
            )
            self.became(number, *cancelled)

    @rule(number=numbers)
    def settle_again(self, number: int) -> None:
        reservation_state = self.reservations[number]
        airplane_state = self.states.get(reservation_state.airplane, AirplaneState())
        settlement = settle(number, reservation_state, airplane_state, self.requested[number])
        self.happened(reservation_state.airplane, *settlement.airplane)
        self.became(number, *settlement.reservation)

    def happened(self, number: int, *events: airplane.Event) -> None:
        for event in events:
            self.states[number] = airplane.evolve(self.states.get(number, AirplaneState()), event)

    def became(self, number: int, *events: reservation.Event) -> None:
        for event in events:
            self.reservations[number] = reservation.evolve(
                self.reservations.get(number, ReservationState()), event
            )
            if isinstance(event, ReservationApproved | ReservationRejected):
                self.decided[number] = self.decided.get(number, 0) + 1

    @invariant()
    def no_more_seats_are_taken_than_there_are(self) -> None:
        for airplane_state in self.states.values():
            assert len(airplane_state.taken) <= airplane_state.seats
            assert len(set(airplane_state.taken.values())) == len(airplane_state.taken)

    @invariant()
    def every_taken_seat_exists(self) -> None:
        for airplane_state in self.states.values():
            seats = airplane_state.taken.values()
            assert highest_taken(airplane_state) == max(seats, default=0) <= airplane_state.seats

    @invariant()
    def an_approved_reservation_has_its_seat(self) -> None:
        for number, reservation_state in self.reservations.items():
            if reservation_state.status == "approved":
                assert (
                    self.states[reservation_state.airplane].taken[number] == reservation_state.seat
                )

    @invariant()
    def nothing_is_decided_twice(self) -> None:
        assert set(self.decided.values()) <= {1}

    def teardown(self) -> None:
        for number in self.reservations:
            self.settle_again(number)
        for number, reservation_state in self.reservations.items():
            assert reservation_state.status != "received"
            assert number in self.decided or reservation_state == ReservationState(
                "cancelled", reservation_state.airplane
            )
        seated = {
            number for airplane_state in self.states.values() for number in airplane_state.taken
        }
        approved = {
            n
            for n, reservation_state in self.reservations.items()
            if reservation_state.status == "approved"
        }
        assert seated == approved


TestAirline = Airline.TestCase
TestAirline.settings = settings(max_examples=100, stateful_step_count=40)
