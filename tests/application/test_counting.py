"""Rejections are counted by reason, and decisions by second, now and at every position."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.domain.decider import Event
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRequested,
)
from airbook.eventlog.records import Append, Transaction
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, moment, record

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)


@pytest.fixture
def airbook(store: Store) -> Iterator[Airbook]:
    """Open a store without events; the time is one second after the story of five seats."""
    with Airbook(store, clock=lambda: moment(0) + timedelta(seconds=1)) as opened:
        opened.create_if_missing()
        yield opened


def record_by_second(airbook: Airbook, *events: Event) -> None:
    """Append the events of one reservation, a second between them, the first at nine."""
    for version, event in enumerate(events):
        append = Append("reservation", 1 if version else None, version, (event,))
        at = NINE + timedelta(seconds=version)
        airbook.log.append(Transaction(at=at, appends=(append,)))


def test_rejections_are_counted_by_reason(airbook: Airbook) -> None:
    record(airbook.log, *FIVE_SEATS_SIX_CUSTOMERS)
    none = {"no_seats_left": 0, "no_such_airplane": 0, "airplane_closed": 0}
    assert airbook.queries.rejections() == {**none, "no_seats_left": 1}
    assert airbook.queries.rejections(as_of=HEAD - 1) == none


def test_decisions_are_counted_by_second(airbook: Airbook) -> None:
    record(airbook.log, *FIVE_SEATS_SIX_CUSTOMERS)
    assert airbook.queries.decided_by_second(3) == [0, 6, 0]
    assert airbook.queries.decided_by_second(3, as_of=13) == [0, 0, 3]
    assert airbook.queries.decided_by_second(3, as_of=0) == [0, 0, 0]
    assert sum(airbook.queries.decided_by_second()) == 6
    assert len(airbook.queries.decided_by_second()) == 60


def test_a_decision_keeps_its_second_after_its_reservation_is_cancelled(airbook: Airbook) -> None:
    record_by_second(
        airbook,
        ReservationRequested(1, "c1"),
        ReservationApproved(1, seat=1),
        ReservationCancelled(1, seat=1),
    )
    then = {as_of: airbook.queries.decided_by_second(3, as_of=as_of) for as_of in range(4)}
    assert then == {0: [0, 0, 0], 1: [0, 0, 0], 2: [0, 0, 1], 3: [0, 1, 0]}
    assert airbook.queries.decided_by_second(3) == [0, 0, 1]


def test_a_cancellation_before_the_decision_is_no_decision(airbook: Airbook) -> None:
    record_by_second(airbook, ReservationRequested(1, "c1"), ReservationCancelled(1, seat=None))
    assert airbook.queries.decided_by_second(3) == [0, 0, 0]
    assert airbook.queries.decided_by_second(3, as_of=2) == [0, 0, 0]
