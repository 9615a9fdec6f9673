"""The decisions of a daemon as observers are told of them: when committed, and when visible."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from airbook.application.airbook import Airbook
from airbook.application.observability.decision import Decision
from airbook.application.observability.observer import Observers
from airbook.daemon.backlog import Asked
from airbook.daemon.decision_log import in_pairs, number_of, outcome_of
from airbook.daemon.projector import Projector
from airbook.domain.reservation import ReservationRejected
from airbook.eventlog.records import Append, Transaction

MOST_COMMITS = 1_000  # that wait for the views: beyond, the oldest are not measured


class Hidden(NamedTuple):
    """Decisions that the views do not show yet. position: of the last event of their commit."""

    position: int
    decisions: Sequence[Decision]
    decided_at: datetime


class DecisionWatch:
    """Tells observers of decisions; without them it does nothing.

    observers: set before the daemon runs.
    """

    def __init__(self, airbook: Airbook) -> None:
        self._airbook = airbook
        self.observers = Observers()
        self._hidden = deque[Hidden](maxlen=MOST_COMMITS)

    def decided(self, transaction: Transaction, due: Mapping[int, Asked]) -> None:
        """Note what an approver has committed. Raises StoreError."""
        if not self.observers:
            return
        pairs = list(in_pairs(transaction.appends))
        is_traced = self.observers.traces is not None and bool(pairs)
        traces: Mapping[int, str | None] = self._traces(due) if is_traced else {}
        if decisions := [decision_of(reservation, due, traces) for _, reservation in pairs]:
            self.observers.decided(decisions, transaction.at)
            self._hidden.append(Hidden(self._airbook.log.head(), decisions, transaction.at))

    def _traces(self, due: Mapping[int, Asked]) -> Mapping[int, str | None]:
        """Return the traceparent of each event that asked for a decision, by its position."""
        asked = sorted(one.position for one in due.values())
        return {one.position: one.trace for one in self._airbook.log.at(asked)}

    def forget(self) -> None:
        """Forget the decisions whose rows another process, or another log, shows."""
        self._hidden.clear()

    def project(self, projector: Projector) -> bool:
        """Let the projector take a step, and note the decisions that can be seen then."""
        moved = projector.step()
        if self._hidden:  # a query may have moved the views before
            position, now = projector.position, self._airbook.clock()
            while self._hidden and self._hidden[0].position <= position:
                _, decisions, decided_at = self._hidden.popleft()
                self.observers.visible(decisions, decided_at, now)
        return moved


def decision_of(
    reservation: Append, due: Mapping[int, Asked], traces: Mapping[int, str | None]
) -> Decision:
    """Return the decision of one reservation.

    due: the event that asked for each. traces: by the positions of these events.
    """
    number = number_of(reservation)
    match reservation.events:
        case [ReservationRejected(reason=reason)]:
            found: str = reason
        case _:
            found = ""
    asked = due[number]
    outcome, trace = outcome_of(reservation), traces.get(asked.position)
    return Decision(number, outcome, found, asked.position, asked.at, trace)
