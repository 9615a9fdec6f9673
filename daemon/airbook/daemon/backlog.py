"""The backlog: which reservations the next events of the log ask the approver to settle."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec import Struct

from airbook.daemon.state_cache import StateCache
from airbook.domain.decider import RESERVATION
from airbook.domain.reservation import ReservationCancelled, ReservationRequested
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log
from airbook.eventlog.partition import Partition
from airbook.eventlog.quick_decoder import QuickDecoder
from airbook.eventlog.records import ParkedReservation, RecordedEvent, Stream
from airbook.eventlog.rows import EventRow

RESERVATION_STREAM = re.compile(rf"{RESERVATION.kind}-([1-9][0-9]{{0,8}})", re.ASCII)
SETTLED_AFTER = (ReservationRequested, ReservationCancelled, UnreadableEvent)


class Asked(Struct, frozen=True):
    """The event that asked for a decision: its position, and its time as `stamp` writes it."""

    position: int
    at: str


class Backlog:
    """Finds the reservations to settle, for the airplanes of one partition.

    states: observe each event, so that a decision rests on all that came before it.
    """

    def __init__(self, log: Log, partition: Partition, states: StateCache) -> None:
        self.log = log
        self.partition = partition
        self.states = states
        self.requests = QuickDecoder(log.codec, ReservationRequested)

    def due_in(self, rows: Sequence[EventRow], parked: Collection[int]) -> dict[int, Asked]:
        """Observe the next events; returns the reservations to settle, in the order of the log.

        parked: the parked reservations, which are settled only by a retry.
        """
        due = dict[int, Asked]()
        owns_all = self.partition.of == 1
        for row in rows:
            position, name, version, topic, state = row
            # A backlog consists of requests, so they take a short way.
            request = self.requests.decode(topic, state) if version == 1 else None
            if request and (stream := RESERVATION_STREAM.fullmatch(str(name))):
                number, at, airplane = int(stream[1]), request.at, request.data.airplane
                self.states.observe_request(number, request.data, position)
            else:
                recorded = self.log.decode(row)
                self.states.observe(recorded)
                if not asks_for_decision(recorded):
                    continue
                number, at, airplane = recorded.stream.number, recorded.at, airplane_of(recorded)
            if number not in parked and (owns_all or self.partition.owns(airplane)):
                due[number] = Asked(position, at)
        return due

    def due_again(self, retrying: Sequence[ParkedReservation]) -> dict[int, Asked]:
        """Return the reservations to retry, for airplanes of this partition.

        Each has the position of the event that asked for the failed decision.
        """
        return {
            one.reservation: Asked(one.position, recorded.at)
            for one in retrying
            for recorded in self.log.stream(Stream(RESERVATION.kind, one.reservation))[:1]
            if self.partition.owns(airplane_of(recorded))
        }


def asks_for_decision(recorded: RecordedEvent) -> bool:
    """Return whether a reservation is to be settled after an event."""
    is_of_reservation = recorded.stream.kind == RESERVATION.kind
    return is_of_reservation and isinstance(recorded.event, SETTLED_AFTER)


def airplane_of(recorded: RecordedEvent) -> int:
    """Return the airplane of a reservation's event; if it is unreadable, the stream's number."""
    return getattr(recorded.event, "airplane", recorded.stream.number)
