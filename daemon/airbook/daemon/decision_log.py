"""The log lines of decisions: one for each decision, or one a second while there are many."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from structlog.typing import FilteringBoundLogger

from airbook.daemon.backlog import Asked
from airbook.domain.airplane import SeatReleased
from airbook.domain.reservation import ReservationApproved, ReservationRejected
from airbook.eventlog.records import Append, Transaction

LINES_PER_SECOND = 20
MILLISECOND = timedelta(milliseconds=1)


class DecisionLog:
    """Logs the decisions of the approvers.

    At `info`, the first decisions of a second have a line each. What exceeds them is summed up in
    one line a second, and so is the next second, so that a busy daemon logs sums only. At `debug`,
    every decision has a line.
    """

    def __init__(
        self, log: FilteringBoundLogger, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """monotonic: returns seconds, to tell one second from the next."""
        self._log = log
        self._monotonic = monotonic
        self._began = monotonic()
        self._decisions = 0  # in this second
        self._is_busy = False  # more decisions than lines in the last second
        self._summed = Counter[str]()
        self._longest_wait = 0

    def add(self, transaction: Transaction, due: Mapping[int, Asked]) -> None:
        """Log what an approver has committed. due: the event that asked for each decision."""
        self.tick()
        if self._log.is_enabled_for(logging.INFO):
            self._add_decisions(list(in_pairs(transaction.appends)), transaction.at, due)
        for parked in transaction.parked:
            self._log.error("parked", reservation=parked.reservation, error=parked.error)

    def _add_decisions(
        self,
        decided: Sequence[tuple[Append, Append]],
        at: datetime,
        due: Mapping[int, Asked],
    ) -> None:
        lines = 0 if self._is_busy else max(0, LINES_PER_SECOND - self._decisions)
        self._decisions += len(decided)
        for airplane, reservation in decided[:lines]:
            self._log.info("decided", **fields_of(airplane, reservation, at, due))
        if self._log.is_enabled_for(logging.DEBUG):
            for airplane, reservation in decided[lines:]:
                self._log.debug("decided", **fields_of(airplane, reservation, at, due))
        if summed := [reservation for _, reservation in decided[lines:]]:
            self._summed.update(map(outcome_of, summed))
            first = min(due[number_of(one)].at for one in summed)
            self._longest_wait = max(self._longest_wait, milliseconds(first, at))

    def tick(self) -> None:
        """Log the sums of the last second if it is over."""
        now = self._monotonic()
        if now - self._began >= 1:
            self.flush()
            self._is_busy = self._decisions > LINES_PER_SECOND
            self._began, self._decisions = now, 0

    def flush(self) -> None:
        """Log the sums of the decisions that had no line."""
        if self._summed:
            self._log.info(
                "decided",
                approved=self._summed["approved"],
                rejected=self._summed["rejected"],
                cancelled=self._summed["cancelled"],
                in_ms=round(1000 * (self._monotonic() - self._began)),
                longest_wait_ms=self._longest_wait,
            )
        self._summed.clear()
        self._longest_wait = 0


def in_pairs(appends: Sequence[Append]) -> Iterator[tuple[Append, Append]]:
    """Yield the two appends of each decision: for the airplane, then for the reservation."""
    following = iter(appends)
    return zip(following, following, strict=True)


def number_of(reservation: Append) -> int:
    """Return the number of the reservation that an append is for."""
    return reservation.number or 0


def outcome_of(reservation: Append) -> str:
    """Return the status of a reservation after its decision.

    Without an event it is cancelled: only its seat was released, by an event of the airplane.
    """
    match reservation.events:
        case [ReservationApproved()]:
            return "approved"
        case [ReservationRejected()]:
            return "rejected"
        case _:
            return "cancelled"


def fields_of(
    airplane: Append, reservation: Append, at: datetime, due: Mapping[int, Asked]
) -> dict[str, Any]:
    """Return the fields of the line of one decision. at: the time of the decision."""
    fields: dict[str, Any] = {
        "reservation": reservation.number,
        "airplane": airplane.number,
        "outcome": outcome_of(reservation),
    }
    match [*airplane.events, *reservation.events]:
        case [SeatReleased(seat=seat)] | [*_, ReservationApproved(seat=seat)]:
            fields["seat"] = seat
        case [*_, ReservationRejected(reason=reason)]:
            fields["reason"] = reason
        case _:
            pass
    return fields | {"waited_ms": milliseconds(due[number_of(reservation)].at, at)}


def milliseconds(asked_at: str, decided_at: datetime) -> int:
    """Return how long a decision was waited for; 0 if the clock was set back meanwhile."""
    return max(0, (decided_at - datetime.fromisoformat(asked_at)) // MILLISECOND)
