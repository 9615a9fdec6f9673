"""The approver: settles pending reservations in batches, each one commit with its checkpoint.

A request is judged by the airplane as it was at the position of the request, whenever that is:
only the free seats are those of the present.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from operator import attrgetter
from typing import cast

from msgspec.structs import replace

from airbook.daemon.backlog import Asked, Backlog
from airbook.daemon.own_events import OwnEvents
from airbook.daemon.state_cache import StateCache
from airbook.domain.approval import settle
from airbook.domain.decider import AIRPLANE, RESERVATION
from airbook.eventlog.codec import stamp
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
    Stream,
    Transaction,
)

ATTEMPTS = 100
PAGES_PER_REQUEST = 5  # each request was a commit of another process
EVENTS = attrgetter("events")


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
        self.own = OwnEvents()
        self.backlog = Backlog(log, partition, self.states)
        self.due: Mapping[int, Asked] = {}
        self.restart()

    def restart(self) -> None:
        """Clear the cache, and go on from the checkpoint."""
        checkpoints = self.log.registry.checkpoints()
        self.checkpoint: int = checkpoints.get(self.partition.subscriber, 0)
        self.position: int = max(self.checkpoint, settled_up_to(checkpoints))
        self.noted = self.position
        self.states.clear()
        self.own.clear()

    def step(self, limit: int = BATCH) -> Transaction | None:
        """Settle the next events; returns the committed transaction, None if nothing was pending.

        Raises Fenced if another approver was first; call `restart` then.
        """
        first = self.own.skip(self.position)
        rows = self.log.rows_after(first, self.own.limit(first, limit))
        parked = self.log.registry.parked()
        retrying = [one for one in parked if one.retry]
        if not rows and not retrying and first == self.position:
            return None
        due = self.backlog.due_in(rows, {one.reservation for one in parked})
        reached = self.own.skip(rows[-1].position if rows else first)
        retried = self.backlog.due_again(retrying)
        self.due = {**retried, **due}
        if not rows and first == self.position and not self.due:
            return None  # what is to be retried does not exist, or is not ours
        if not self.due and self.partition.of > 1 and reached - self.checkpoint < BATCH:
            self.position = reached  # a checkpoint for events of other partitions can wait
            self._note_written(reached)
            return None
        transaction, position = self._commit(retried, reached)
        if own := sum(map(len, map(EVENTS, transaction.appends))):
            self.own.add(position - own + 1, position)
        self._note_written(max(reached, position), own)
        # The checkpoint that was stored is behind the own events, unless others came in between.
        self.position = self.own.skip(reached) if transaction.checkpoint else reached
        self.checkpoint = self.position
        self.states.evict()
        return transaction

    def _commit(self, retried: Collection[int], reached: int) -> tuple[Transaction, int]:
        """Settle and commit; returns the transaction and the position of its last event.

        If other writers are first each time, one reservation that they write to is parked.
        """
        parked = list[ParkedReservation]()
        while True:
            transaction = Transaction(at=self.clock())
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

    def _note_written(self, last: int, own: int = 0) -> None:
        """Note what others have written up to a position. own: so many events are its own.

        They are counted once, and not again when a backlog of them is read.
        """
        if (others := last - self.noted - own) > 0:
            with suppress(StoreError):  # a trouble that lasts is reported by the next commit
                self.log.note_written(PAGES_PER_REQUEST * others)
        self.noted = max(self.noted, last)

    def _contested(self, transaction: Transaction) -> int:
        """Return the first reservation to settle to whose streams others have appended."""
        pairs = zip(transaction.appends[::2], transaction.appends[1::2], strict=True)
        for airplane, reservation in pairs:  # as `_settle_one` returns them
            if self._has_grown(airplane) or self._has_grown(reservation):
                return cast("int", reservation.number)
        raise RuntimeError(f"no commit in {ATTEMPTS} attempts, and no other writer")

    def _has_grown(self, append: Append) -> bool:
        stream = Stream(append.kind, cast("int", append.number))
        return bool(self.log.stream(stream, append.version))

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

    def _settle_one(self, number: int, cause: int) -> Sequence[Append]:
        """Return the two appends that settle one reservation; none if nothing is due."""
        requested = self.states.reservation(number)
        place = requested.state.airplane
        airplane = self.states.airplane(place)
        status = airplane.status_at(requested.requested_at)
        settlement = settle(number, requested.state, airplane.state, status)
        if not (settlement.airplane or settlement.reservation):
            return ()
        # A stream without new events is in the commit too: the decision rests on its version.
        of_airplane = Append(AIRPLANE.kind, place, airplane.version, settlement.airplane, cause)
        airplane.apply(settlement.airplane)
        version, events = requested.version, settlement.reservation
        return of_airplane, Append(RESERVATION.kind, number, version, events, cause)
