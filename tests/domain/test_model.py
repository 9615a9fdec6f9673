"""Whatever is asked for and in whatever order it is settled, no seat is promised twice."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings, strategies
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from airbook.domain import airplane, reservation
from airbook.domain.airplane import Cabin
from airbook.domain.approval import settle
from airbook.domain.refusal import Refused
from airbook.domain.reservation import Booking, ReservationApproved, ReservationRejected

AIRPLANES = strategies.integers(1, 3)
SEATS = strategies.integers(0, 4)


class Airline(RuleBasedStateMachine):
    """A few small airplanes, and requests settled early, late, again and again."""

    numbers = Bundle[int]("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.cabins = dict[int, Cabin]()
        self.bookings = dict[int, Booking]()
        self.decided = dict[int, int]()

    @rule(number=AIRPLANES, seats=SEATS)
    def create(self, number: int, seats: int) -> None:
        if number not in self.cabins:
            self.ask(number, airplane.CreateAirplane(seats))

    @rule(
        number=AIRPLANES,
        command=strategies.builds(airplane.ChangeSeats, SEATS)
        | strategies.sampled_from([airplane.CloseAirplane(), airplane.OpenAirplane()]),
    )
    def ask(self, number: int, command: airplane.Command) -> None:
        cabin = self.cabins.get(number, Cabin())
        with suppress(Refused):
            self.happened(number, *airplane.decide(command, cabin))

    @rule(target=numbers, to=AIRPLANES)
    def request(self, to: int) -> int:
        number = len(self.bookings) + 1
        requested = reservation.decide(reservation.RequestReservation(to, "c1"), Booking())
        self.became(number, *requested)
        return number

    @rule(number=numbers)
    def cancel(self, number: int) -> None:
        with suppress(Refused):
            cancelled = reservation.decide(reservation.CancelReservation(), self.bookings[number])
            self.became(number, *cancelled)

    @rule(number=numbers)
    def settle_again(self, number: int) -> None:
        booking = self.bookings[number]
        settlement = settle(number, booking, self.cabins.get(booking.airplane, Cabin()))
        self.happened(booking.airplane, *settlement.airplane)
        self.became(number, *settlement.reservation)

    def happened(self, number: int, *facts: airplane.Fact) -> None:
        for fact in facts:
            self.cabins[number] = airplane.evolve(self.cabins.get(number, Cabin()), fact)

    def became(self, number: int, *facts: reservation.Fact) -> None:
        for fact in facts:
            self.bookings[number] = reservation.evolve(self.bookings.get(number, Booking()), fact)
            if isinstance(fact, ReservationApproved | ReservationRejected):
                self.decided[number] = self.decided.get(number, 0) + 1

    @invariant()
    def no_more_seats_are_taken_than_there_are(self) -> None:
        for cabin in self.cabins.values():
            assert len(cabin.taken) <= cabin.seats
            assert len(set(cabin.taken.values())) == len(cabin.taken)

    @invariant()
    def an_approved_one_sits_where_it_was_told(self) -> None:
        for number, booking in self.bookings.items():
            if booking.status == "approved":
                assert self.cabins[booking.airplane].taken[number] == booking.seat

    @invariant()
    def nothing_is_decided_twice(self) -> None:
        assert set(self.decided.values()) <= {1}

    def teardown(self) -> None:
        for number in self.bookings:
            self.settle_again(number)
        for number, booking in self.bookings.items():
            assert booking.status != "received"
            assert number in self.decided or booking == Booking("cancelled", booking.airplane)
        seated = {number for cabin in self.cabins.values() for number in cabin.taken}
        approved = {n for n, booking in self.bookings.items() if booking.status == "approved"}
        assert seated == approved


TestAirline = Airline.TestCase
TestAirline.settings = settings(max_examples=100, stateful_step_count=40)
