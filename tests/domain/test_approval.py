"""What follows, for airplane and reservation, from one that was requested."""

from __future__ import annotations

import pytest

from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    Cabin,
    SeatAssigned,
    SeatReleased,
)
from airbook.domain.approval import Settlement, settle
from airbook.domain.reservation import (
    Booking,
    Reason,
    ReservationApproved,
    ReservationRejected,
)
from tests.support.stories import cabin_of

RECEIVED = Booking("received", airplane=1)


def test_a_received_one_gets_the_lowest_free_seat() -> None:
    cabin = cabin_of(AirplaneCreated(3), SeatAssigned(4, seat=1), SeatAssigned(5, seat=3))
    assert settle(6, RECEIVED, cabin) == Settlement(
        airplane=(SeatAssigned(6, seat=2),),
        reservation=(ReservationApproved(1, seat=2),),
    )


@pytest.mark.parametrize(
    ("cabin", "reason"),
    [
        (cabin_of(), "no_such_airplane"),
        (cabin_of(AirplaneCreated(5), AirplaneClosed()), "airplane_closed"),
        (cabin_of(AirplaneCreated(1), SeatAssigned(5, seat=1)), "no_seats_left"),
    ],
)
def test_a_received_one_is_rejected_with_the_airplanes_reason(cabin: Cabin, reason: Reason) -> None:
    assert settle(6, RECEIVED, cabin) == Settlement(
        airplane=(), reservation=(ReservationRejected(1, reason),)
    )


def test_one_that_sits_already_is_approved_with_the_seat_it_has() -> None:
    cabin = cabin_of(AirplaneCreated(1), SeatAssigned(6, seat=1), AirplaneClosed())
    assert settle(6, RECEIVED, cabin) == Settlement(reservation=(ReservationApproved(1, seat=1),))


def test_a_cancelled_one_gives_its_seat_back() -> None:
    cabin = cabin_of(AirplaneCreated(2), SeatAssigned(6, seat=2))
    assert settle(6, Booking("cancelled", 1, seat=2), cabin) == Settlement(
        airplane=(SeatReleased(6, seat=2),)
    )


@pytest.mark.parametrize(
    "booking",
    [
        Booking(),
        Booking("approved", 1, seat=2),
        Booking("rejected", 1),
        Booking("cancelled", 1),
        Booking("cancelled", 1, seat=2),
    ],
)
def test_nothing_follows_from_one_that_was_settled_before(booking: Booking) -> None:
    assert settle(6, booking, cabin_of(AirplaneCreated(2))) == Settlement()
