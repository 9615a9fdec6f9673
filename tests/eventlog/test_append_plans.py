"""The plan of a commit, where no store is needed to see it: lookups, versions, checkpoints."""

from __future__ import annotations

import pytest

from airbook.domain.airplane import SeatAssigned
from airbook.domain.reservation import ReservationRejected, ReservationRequested
from airbook.eventlog.append import lookup_for, plan
from airbook.eventlog.codec import CODEC
from airbook.eventlog.records import (
    DAEMON,
    Actor,
    Append,
    Checkpoint,
    Conflict,
    Customer,
    IdempotencyKey,
    Receipt,
    Transaction,
    TransactionResult,
)
from airbook.eventlog.rows import Lookup, LookupResult
from tests.support.stories import NINE

NEW_RESERVATION = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
REJECTED = Append("reservation", 4, 1, (ReservationRejected(1, "no_such_airplane"),))


def seats(version: int) -> Append:
    """Assign the next two seats of airplane 1."""
    assigned = (SeatAssigned(version, version), SeatAssigned(version + 1, version + 1))
    return Append("airplane", 1, version, assigned)


def missing(airplane: int) -> Append:
    """Rely on an airplane that does not exist."""
    return Append("airplane", airplane, 0, ())


def result_of(*appends: Append, versions: dict[str, int]) -> TransactionResult:
    """Plan one transaction on a log of nine events; returns the type of a conflict."""
    looked_up = LookupResult(9, {"airplane": 1, "reservation": 4}, versions=versions)
    _, (result,) = plan([Transaction(at=NINE, appends=appends)], looked_up, CODEC)
    return result


def test_a_plan_looks_up_everything_that_it_depends_on_once_and_nothing_else() -> None:
    everything = Transaction(
        at=NINE,
        appends=(NEW_RESERVATION, seats(1), REJECTED),
        key=IdempotencyKey("key", "contents"),
        customer=Customer("c1", "kim"),
        checkpoint=Checkpoint("approver", 4),
        actor=Actor("a1", "lee"),
    )
    second = Transaction(at=NINE, appends=(seats(3), missing(2)), actor=Actor("a2", "lee"))
    daemons = Transaction(at=NINE, actor=DAEMON)
    assert lookup_for([everything, second, daemons]) == Lookup(
        ["key"],
        ["airplane-1", "reservation-4", "airplane-2"],
        ["kim"],
        ["approver"],
        False,
        ["lee"],
    )


def test_a_stream_that_does_not_exist_is_at_version_0() -> None:
    decision = (missing(1), REJECTED)
    assert result_of(*decision, versions={"reservation-4": 1}) == Receipt(4, 10)
    for airplane in (Append("airplane", 1, version, ()) for version in (-1, 1)):
        assert type(result_of(airplane, REJECTED, versions={"reservation-4": 1})) is Conflict


def test_a_transaction_may_continue_a_stream_that_it_appended_to() -> None:
    assert result_of(seats(1), seats(3), versions={"airplane-1": 1}) == Receipt(1, 13)
    for version in (-1, 1, 2):
        assert type(result_of(seats(1), seats(version), versions={"airplane-1": 1})) is Conflict


@pytest.mark.parametrize(
    ("checkpoint", "appends", "reached"),
    [
        (Checkpoint("approver", 9, include_own=True), (seats(1), NEW_RESERVATION), 12),
        (Checkpoint("approver", 9), (seats(1), NEW_RESERVATION), 9),
        (Checkpoint("approver", 9, include_own=True), (), 9),
        (Checkpoint("approver", 8, include_own=True), (seats(1),), 8),
        (Checkpoint("approver", 10, include_own=True), (seats(1),), 10),
        (Checkpoint("approver", 0, include_own=True), (seats(1),), 0),
    ],
    ids=["own events", "not asked for", "no own events", "a gap", "an overlap", "the beginning"],
)
def test_a_checkpoint_moves_past_the_own_events_that_directly_follow_it(
    checkpoint: Checkpoint, appends: tuple[Append, ...], reached: int
) -> None:
    looked_up = LookupResult(9, {"reservation": 4}, versions={"airplane-1": 1})
    transaction = Transaction(at=NINE, appends=appends, checkpoint=checkpoint)
    rows, _ = plan([transaction], looked_up, CODEC)
    assert rows.checkpoints == looked_up.checkpoints == {"approver": reached}
