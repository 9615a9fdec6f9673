"""The approver: settles pending reservations in batches, each one commit with its checkpoint.

A request is judged by the airplane as it was at the position of the request, whenever that is:
only the free seats are those of the present.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from airbook.daemon.state_cache import StateCache
from airbook.domain.approval import settle
from airbook.domain.decider import AIRPLANE, RESERVATION
from airbook.domain.reservation import (
    ReservationCancelled,
    ReservationRequested,
)
from airbook.eventlog.codec import UnreadableEvent, stamp
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.partition import WHOLE, Partition, settled_up_to
from airbook.eventlog.records import (
    DAEMON,
    Append,
    Checkpoint,
    Conflict,
    Fenced,
    ParkedReservation,
    RecordedEvent,
    Stream,
    Transaction,
)

ATTEMPTS = 100
PAGES_PER_REQUEST = 5  # each request was a commit of another process
SETTLED_AFTER = (ReservationRequested, ReservationCancelled, UnreadableEvent)


class Approver:
    """Settles reservations in the order of the log, from its checkpoint on.

    due: for each reservation of the last step, the event that asked for its decision.
    """

    def __init__(
        self, log: Log, clock: Callable[[], datetime], partition: Partition = WHOLE
    ) -> None:
        """partition: the airplanes that it decides; by default all of them."""
        self.log = log
        self.clock = clock
        self.partition = partition
        self.states = StateCache(log)
        self.due: Mapping[int, RecordedEvent] = {}
        self.restart()

    def restart(self) -> None:
        """Clear the cache, and go on from the checkpoint."""
        checkpoints = self.log.registry.checkpoints()
        self.checkpoint: int = checkpoints.get(self.partition.subscriber, 0)
        self.position: int = max(self.checkpoint, settled_up_to(checkpoints))
        self.states.clear()

    def step(self, limit: int = BATCH) -> Transaction | None:
        """Settle the next events; returns the committed transaction, None if nothing was pending.

        Raises Fenced if another approver was first; call `restart` then.
        """
        events = self.log.after(self.position, limit)
        parked = self.log.registry.parked()
        retrying = [one for one in parked if one.retry]
        if not events and not retrying:
            return None
        for recorded in events:
            self.states.observe(recorded)
        self.log.note_written(PAGES_PER_REQUEST * len(events))
        reached = events[-1].position if events else self.position
        retried = self._due_again(retrying)
        self.due = {**retried, **self._due_in(events, {one.reservation for one in parked})}
        if not events and not self.due:  # what is to be retried does not exist, or is not ours
            return None
        if not self.due and self.partition.of > 1 and reached - self.checkpoint < BATCH:
            self.position = reached  # a checkpoint for events of other partitions can wait
            return None
        transaction, position = self._commit(retried, reached)
        own = sum(len(append.events) for append in transaction.appends)
        # If no other writer appended in between, the own events are known and need not be read.
        self.position = position if events and position == reached + own else reached
        self.checkpoint = self.position
        self.states.evict()
        return transaction

    def _commit(self, retried: Collection[int], reached: int) -> tuple[Transaction, int]:
        """Settle and commit; returns the transaction and the position of its last event.

        If other writers are first each time, one reservation that they write to is parked.
        """
        parked = list[ParkedReservation]()
        while True:
            for _ in range(ATTEMPTS):
                transaction = self._settle(retried, reached)
                transaction = replace(transaction, parked=[*transaction.parked, *parked])
                try:
                    receipt = self.log.append(transaction)
                except Fenced:
                    raise
                except Conflict:  # a customer cancelled or an operator changed seats in between
                    self.states.clear()
                else:
                    return transaction, receipt.position
            number = self._contested(transaction)
            asked, error = self.due[number], f"no commit in {ATTEMPTS} attempts"
            parked.append(ParkedReservation(number, asked.position, error, stamp(self.clock())))
            self.due = {one: event for one, event in self.due.items() if one != number}
            retried = [one for one in retried if one != number]

    def _contested(self, transaction: Transaction) -> int:
        """Return the first reservation to settle to whose streams others have appended."""
        grown = {
            (append.kind, append.number)
            for append in transaction.appends
            if append.number and self.log.stream(Stream(append.kind, append.number), append.version)
        }
        for number, asked in self.due.items():
            if grown & {(RESERVATION.kind, number), (AIRPLANE.kind, airplane_of(asked))}:
                return number
        raise RuntimeError(f"no commit in {ATTEMPTS} attempts, and no other writer")

    def _settle(self, retried: Collection[int], reached: int) -> Transaction:
        now = self.clock()
        appends, parked = list[Append](), list[ParkedReservation]()
        for number, asked in self.due.items():
            try:
                appends += self._settle_one(number, asked.position)
            except StoreError:
                raise  # the store failed, not the reservation
            except Exception as error:  # noqa: BLE001 -- one failure must not stop the others
                reason = f"{type(error).__name__}: {error}"
                parked.append(ParkedReservation(number, asked.position, reason, stamp(now)))
        failed = {one.reservation for one in parked}
        checkpoint = Checkpoint(self.partition.subscriber, reached, include_own=True)
        return Transaction(
            at=now,
            appends=appends,
            checkpoint=checkpoint if reached > self.checkpoint else None,
            parked=parked,
            settled=[number for number in retried if number not in failed],
            actor=DAEMON,
        )

    def _settle_one(self, number: int, cause: int) -> list[Append]:
        requested = self.states.reservation(number)
        airplane = self.states.airplane(requested.state.airplane)
        status = airplane.status_at(requested.requested_at)
        settlement = settle(number, requested.state, airplane.state, status)
        if not any(settlement):
            return []
        # A stream without new events is in the commit too: the decision rests on its version.
        appends = [
            Append(
                AIRPLANE.kind,
                requested.state.airplane,
                airplane.version,
                settlement.airplane,
                cause,
            ),
            Append(RESERVATION.kind, number, requested.version, settlement.reservation, cause),
        ]
        airplane.apply(settlement.airplane)
        return appends

    def _due_in(
        self, events: Sequence[RecordedEvent], parked: Collection[int]
    ) -> Mapping[int, RecordedEvent]:
        """Return the reservations to settle, each with the event that asks for it.

        parked: the parked reservations, which are settled only by a retry.
        """
        return {
            recorded.stream.number: recorded
            for recorded in events
            if isinstance(recorded.event, SETTLED_AFTER)
            and recorded.stream.kind == RESERVATION.kind
            and recorded.stream.number not in parked
            and self.partition.owns(airplane_of(recorded))
        }

    def _due_again(self, retrying: Sequence[ParkedReservation]) -> Mapping[int, RecordedEvent]:
        """Return the reservations to retry, for airplanes of this partition, each with its request.

        The request has the position of the event that asked for the failed decision.
        """
        return {
            one.reservation: recorded._replace(position=one.position)
            for one in retrying
            for recorded in self.log.stream(Stream(RESERVATION.kind, one.reservation))[:1]
            if self.partition.owns(airplane_of(recorded))
        }


def airplane_of(recorded: RecordedEvent) -> int:
    """Return the airplane of a reservation's event; if it is unreadable, the stream's number."""
    return getattr(recorded.event, "airplane", recorded.stream.number)
