"""The oldest pending request, read from the log without the views."""

from __future__ import annotations

from airbook.domain.decider import RESERVATION
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.partition import settled_up_to
from airbook.eventlog.records import RecordedEvent


def oldest_pending(log: Log) -> RecordedEvent | None:
    """Return the oldest request that has no decision and is not parked; None if there is none.

    Approvers that share the airplanes move their checkpoints at least once a batch, so that one
    batch after the lowest of them has every request that an idle approver has overlooked. Raises
    StoreError.
    """
    pending = dict[int, RecordedEvent]()
    for recorded in log.after(settled_up_to(log.registry.checkpoints()), BATCH):
        kind, number = recorded.stream
        if kind != RESERVATION.kind:
            continue
        if isinstance(recorded.event, ReservationRequested):
            pending[number] = recorded
        else:
            pending.pop(number, None)
    parked = {one.reservation for one in log.registry.parked()} if pending else set[int]()
    return next((one for number, one in pending.items() if number not in parked), None)
