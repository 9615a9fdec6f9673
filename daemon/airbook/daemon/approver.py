"""The approver: settles what waits in batches, each one commit with how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from airbook.daemon.state_cache import Streams
from airbook.domain.airplane import AirplaneState
from airbook.domain.approval import settle
from airbook.domain.decider import AIRPLANE, RESERVATION, Stream
from airbook.domain.reservation import ReservationCancelled, ReservationRequested, ReservationState
from airbook.eventlog.codec import UnreadableEvent, stamp
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.partition import EVERYTHING, Partition, approved_to
from airbook.eventlog.records import (
    Append,
    Checkpoint,
    Conflict,
    Fenced,
    Parked,
    RecordedEvent,
    Transaction,
)

ATTEMPTS = 100
PAGES_PER_REQUEST = 5  # each was a commit of its own in another process
DUE = (ReservationRequested, ReservationCancelled, UnreadableEvent)


class Approver:
    """Settles reservations in the order of the log; knows nothing that the log does not."""

    def __init__(
        self, log: Log, clock: Callable[[], datetime], partition: Partition = EVERYTHING
    ) -> None:
        """partition: the airplanes it decides; all of them unless several share."""
        self.log = log
        self.clock = clock
        self.partition = partition
        self.streams = Streams(log)
        self.restart()

    def restart(self) -> None:
        """Forget everything and go on from the tracked position."""
        tracked = self.log.recorder.tracked()
        self.tracked: int = tracked.get(self.partition.follower, 0)
        self.position: int = max(self.tracked, approved_to(tracked))
        self.streams.forget()

    def step(self, limit: int = BATCH) -> Transaction | None:
        """Settle the next events; returns what was committed, None when nothing was waiting.

        Raises Fenced if another approver was quicker: restart.
        """
        events = self.log.after(self.position, limit)
        parked = self.log.recorder.parked()
        again = {one.reservation: one.position for one in parked if one.again}
        aside = {one.reservation for one in parked}
        if not events and not again:
            return None
        for recorded in events:
            self.streams.see(recorded)
        self.log.recorder.checkpoint(PAGES_PER_REQUEST * len(events))
        reached = events[-1].position if events else self.position
        again = {number: again[number] for number in again if self._owns(number)}
        due = {**again, **self._due_in(events, aside)}
        if not due and self.partition.of > 1 and reached - self.tracked < BATCH:
            self.position = reached  # what others decide need not be written down each time
            return None
        transaction, position = self._commit(due, again, reached)
        own = sum(len(append.events) for append in transaction.appends)
        # Where nobody wrote in between, our own events need not be read: they are known.
        self.position = position if events and position == reached + own else reached
        self.tracked = self.position
        self.streams.tidy()
        return transaction

    def _commit(
        self, due: Mapping[int, int], again: Mapping[int, int], reached: int
    ) -> tuple[Transaction, int]:
        """Settle and commit; returns the change and the position of its last event."""
        for _ in range(ATTEMPTS):
            transaction = self._settle(due, again, reached)
            try:
                receipt = self.log.commit(transaction)
            except Fenced:
                raise
            except Conflict:  # a customer cancelled, or an operator changed seats, meanwhile
                self.streams.forget()
            else:
                return transaction, receipt.position
        raise RuntimeError(f"no commit in {ATTEMPTS} attempts, up to position {reached}")

    def _settle(
        self, due: Mapping[int, int], again: Mapping[int, int], reached: int
    ) -> Transaction:
        now = self.clock()
        appends, parked = list[Append](), list[Parked]()
        for number, position in due.items():
            try:
                appends += self._settle_one(number)
            except StoreError:
                raise  # it says nothing about the reservation
            except Exception as error:  # noqa: BLE001 -- one that fails must not stop the others
                reason = f"{type(error).__name__}: {error}"
                parked.append(Parked(number, position, reason, stamp(now)))
        failed = {one.reservation for one in parked}
        return Transaction(
            at=now,
            appends=appends,
            tracked=Checkpoint(self.partition.follower, reached, past_own=True)
            if reached > self.tracked
            else None,
            parked=parked,
            settled=[number for number in again if number not in failed],
        )

    def _settle_one(self, number: int) -> list[Append]:
        reservation = Stream(RESERVATION.kind, number)
        booked = self.streams.get(reservation)
        reservation_state = cast("ReservationState", booked.state)
        airplane = Stream(AIRPLANE.kind, reservation_state.airplane)
        seated = self.streams.get(airplane)
        settlement = settle(number, reservation_state, cast("AirplaneState", seated.state))
        if not any(settlement):
            return []
        # A stream that gets no event is named too: what was decided rests on its version.
        appends = list[Append]()
        for stream, known, events in (
            (airplane, seated, settlement.airplane),
            (reservation, booked, settlement.reservation),
        ):
            self.streams.add(stream, events, known)
            appends.append(Append(*stream, known.version, events))
        return appends

    def _due_in(self, events: Sequence[RecordedEvent], aside: Collection[int]) -> Mapping[int, int]:
        """Name the reservations to settle, each with the position of the event that asks for it.

        aside: reservations that are parked; what follows for them waits until they are tried again.
        """
        return {
            recorded.stream.number: recorded.position
            for recorded in events
            if isinstance(recorded.event, DUE)
            and recorded.stream.kind == RESERVATION.kind
            and recorded.stream.number not in aside
            and self.partition.owns(airplane_of(recorded))
        }

    def _owns(self, reservation: int) -> bool:
        """Tell whether a reservation is for one of our airplanes."""
        first = self.log.stream(Stream(RESERVATION.kind, reservation))[:1]
        return any(self.partition.owns(airplane_of(recorded)) for recorded in first)


def airplane_of(recorded: RecordedEvent) -> int:
    """Name the airplane a reservation's event is about; if that cannot be read, any number does."""
    return getattr(recorded.event, "airplane", recorded.stream.number)
