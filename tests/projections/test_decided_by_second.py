"""Decisions are counted by the second in which they were made, also after a cancellation."""

from __future__ import annotations

from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.projections.models.reservations import decided_by_second
from airbook.projections.store import Views
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, at, of_reservation
from tests.support.views import given_story

SECOND = at(0)[:19]
REQUESTED = ReservationRequested(1, "c1")
# The decisions are at the positions 2, 7 and 9.
DECIDED_AND_CANCELLED = (
    *of_reservation(1, REQUESTED, ReservationApproved(1, 1), ReservationCancelled(1, 1)),
    *of_reservation(2, REQUESTED, ReservationCancelled(1, None)),
    *of_reservation(3, REQUESTED, ReservationRejected(1, "no_seats_left")),
    *of_reservation(4, REQUESTED, ReservationApproved(1, 1)),
)


def test_decisions_are_counted_by_second_when_they_were_made(views: Views) -> None:
    shown = given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    shown.then(decided_by_second, {SECOND: 6}, at(0), at(1_000))
    shown.then(decided_by_second, {SECOND: 1}, at(10), at(13))
    shown.then(decided_by_second, {SECOND: 3}, at(0), at(1_000), as_of=13)
    shown.then(decided_by_second, {}, at(1_000), at(2_000))


def test_a_decision_that_was_cancelled_later_is_still_counted_at_every_position(
    views: Views,
) -> None:
    shown = given_story(views, *DECIDED_AND_CANCELLED)
    counts = (0, 0, 1, 1, 1, 1, 1, 2, 2, 3)
    for as_of, count in enumerate(counts):
        expected = {SECOND: count} if count else {}
        shown.then(decided_by_second, expected, at(0), at(1_000), as_of=as_of)
    shown.then(decided_by_second, {SECOND: 3}, at(0), at(1_000))


def test_only_the_decisions_between_two_times_are_counted(views: Views) -> None:
    shown = given_story(views, *DECIDED_AND_CANCELLED)
    for as_of in (None, 9):
        shown.then(decided_by_second, {SECOND: 1}, at(2), at(7), as_of=as_of)
        shown.then(decided_by_second, {SECOND: 2}, at(2), at(8), as_of=as_of)
        shown.then(decided_by_second, {SECOND: 2}, at(3), at(1_000), as_of=as_of)
