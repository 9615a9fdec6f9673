"""The policy: which events settle a reservation, on its stream and on the airplane's."""

from __future__ import annotations

import pytest

from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    AirplaneState,
    Event,
    SeatAssigned,
    SeatReleased,
    SeatsChanged,
    Status,
)
from airbook.domain.approval import Settlement, settle
from airbook.domain.reservation import (
    Reason,
    ReservationApproved,
    ReservationRejected,
    ReservationState,
)
from tests.support.stories import airplane_state_of

REASONS: dict[Status, Reason] = {"missing": "no_such_airplane", "closed": "airplane_closed"}
RECEIVED = ReservationState("received", airplane=1)


def test_a_received_reservation_gets_the_lowest_free_seat() -> None:
    airplane_state = airplane_state_of(
        AirplaneCreated(3), SeatAssigned(4, seat=1), SeatAssigned(5, seat=3)
    )
    assert settle(6, RECEIVED, airplane_state, "open") == Settlement(
        airplane=(SeatAssigned(6, seat=2),),
        reservation=(ReservationApproved(1, seat=2),),
    )


@pytest.mark.parametrize(
    ("airplane_state", "reason"),
    [
        (airplane_state_of(), "no_such_airplane"),
        (airplane_state_of(AirplaneCreated(5), AirplaneClosed()), "airplane_closed"),
        (airplane_state_of(AirplaneCreated(1), SeatAssigned(5, seat=1)), "no_seats_left"),
    ],
)
def test_a_received_reservation_is_rejected_with_the_airplanes_reason(
    airplane_state: AirplaneState, reason: Reason
) -> None:
    assert settle(6, RECEIVED, airplane_state, airplane_state.status) == Settlement(
        airplane=(), reservation=(ReservationRejected(1, reason),)
    )


@pytest.mark.parametrize("later", [(), (AirplaneClosed(),), (SeatsChanged(2),)])
def test_a_request_is_judged_by_the_status_of_the_airplane_when_it_was_made(
    later: tuple[Event, ...],
) -> None:
    now = airplane_state_of(AirplaneCreated(1), *later)
    approved = Settlement((SeatAssigned(6, seat=1),), (ReservationApproved(1, seat=1),))
    assert settle(6, RECEIVED, now, "open") == approved
    for status, reason in REASONS.items():
        rejected = Settlement(reservation=(ReservationRejected(1, reason),))
        assert settle(6, RECEIVED, now, status) == rejected


def test_a_reservation_that_has_a_seat_is_approved_with_that_seat() -> None:
    airplane_state = airplane_state_of(
        AirplaneCreated(1), SeatAssigned(6, seat=1), AirplaneClosed()
    )
    assert settle(6, RECEIVED, airplane_state, "open") == Settlement(
        reservation=(ReservationApproved(1, seat=1),)
    )


def test_a_cancelled_reservation_releases_its_seat() -> None:
    airplane_state = airplane_state_of(AirplaneCreated(2), SeatAssigned(6, seat=2))
    cancelled = ReservationState("cancelled", 1, seat=2)
    assert settle(6, cancelled, airplane_state, "open") == Settlement(
        airplane=(SeatReleased(6, seat=2),)
    )


@pytest.mark.parametrize(
    "reservation_state",
    [
        ReservationState(),
        ReservationState("approved", 1, seat=2),
        ReservationState("rejected", 1),
        ReservationState("cancelled", 1),
        ReservationState("cancelled", 1, seat=2),
    ],
)
def test_a_settled_reservation_leads_to_no_events(
    reservation_state: ReservationState,
) -> None:
    assert (
        settle(6, reservation_state, airplane_state_of(AirplaneCreated(2)), "open") == Settlement()
    )
