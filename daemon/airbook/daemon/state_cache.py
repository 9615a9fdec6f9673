"""The state cache: the states of streams, kept up to date while the approver reads the log."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import cast

from msgspec import Struct

from airbook.domain import airplane, reservation
from airbook.domain.airplane import AirplaneState, Status
from airbook.domain.decider import AIRPLANE, RESERVATION
from airbook.domain.reservation import ReservationRequested, ReservationState
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log, readable
from airbook.eventlog.records import RecordedEvent, Stream

NO_RESERVATION = ReservationState()
MAX_SEATS_CACHED = 100_000  # taken seats; about 10 MB of memory


class KnownReservation(Struct, frozen=True):
    """A reservation after its first `version` events. requested_at: the position of the first."""

    state: ReservationState
    version: int
    requested_at: int


class KnownAirplane:
    """An airplane after its first `version` events, and the status it had at every position.

    state: only this object holds it, so that seats are assigned and released in place.
    """

    def __init__(self) -> None:
        self.state = AirplaneState()
        self.version = 0
        self._since = [0]
        self._statuses: list[Status] = ["missing"]

    @property
    def size(self) -> int:
        """Return about how much memory it takes, counted in seats."""
        return len(self.state.taken) + len(self._since)

    def status_at(self, position: int) -> Status:
        """Return the status that it had after the event at a position of the log."""
        if position >= self._since[-1]:
            return self._statuses[-1]  # as nearly always
        return self._statuses[bisect_right(self._since, position) - 1]

    def observe(self, event: airplane.Event, version: int, position: int) -> None:
        """Apply its next event, read at a position of the log."""
        self.apply((event,))
        self.version = version
        if self.state.status != self._statuses[-1]:
            self._since.append(position)
            self._statuses.append(self.state.status)

    def apply(self, events: Iterable[airplane.Event]) -> None:
        """Apply events that are about to be appended: they change seats, and not the status."""
        for event in events:
            self.state = airplane.evolve_in_place(self.state, event)
            self.version += 1


class StateCache:
    """The states of streams; a missing state is loaded from the log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._airplanes: dict[int, KnownAirplane] = {}
        self._reservations: dict[int, KnownReservation] = {}

    def observe(self, recorded: RecordedEvent) -> None:
        """Apply an event of the log; drop a stream that is unreadable or has a gap."""
        kind, number = recorded.stream
        if isinstance(recorded.event, UnreadableEvent):
            known = self._airplanes if kind == AIRPLANE.kind else self._reservations
            known.pop(number, None)
        elif kind == AIRPLANE.kind:
            self._observe_airplane(number, recorded)
        else:
            self._observe_reservation(number, recorded)

    def _observe_airplane(self, number: int, recorded: RecordedEvent) -> None:
        known = self._airplanes.get(number) or KnownAirplane()
        if recorded.version == known.version + 1:
            event = cast("airplane.Event", recorded.event)
            known.observe(event, recorded.version, recorded.position)
            self._airplanes[number] = known
        elif recorded.version > known.version:
            self._airplanes.pop(number, None)

    def _observe_reservation(self, number: int, recorded: RecordedEvent) -> None:
        known = self._reservations.get(number)
        known = known or KnownReservation(NO_RESERVATION, 0, recorded.position)
        if recorded.version == known.version + 1:
            state = reservation.evolve(known.state, cast("reservation.Event", recorded.event))
            known = KnownReservation(state, recorded.version, known.requested_at)
            self._reservations[number] = known
        elif recorded.version > known.version:
            self._reservations.pop(number, None)

    def observe_request(self, number: int, request: ReservationRequested, position: int) -> None:
        """Apply the first event of a reservation, read at a position of the log."""
        if number not in self._reservations:
            state = reservation.evolve(NO_RESERVATION, request)
            self._reservations[number] = KnownReservation(state, 1, position)

    def airplane(self, number: int) -> KnownAirplane:
        """Return an airplane, loading it if it is not cached. Raises UnreadableStream."""
        known = self._airplanes.get(number)
        if known is None:
            known = KnownAirplane()
            events = self._log.stream(Stream(AIRPLANE.kind, number))
            for recorded, event in zip(events, readable(events), strict=True):
                known.observe(cast("airplane.Event", event), recorded.version, recorded.position)
            self._airplanes[number] = known
        return known

    def reservation(self, number: int) -> KnownReservation:
        """Return a reservation, loading it if it is not cached. Raises UnreadableStream."""
        known = self._reservations.get(number)
        if known is None:
            events = self._log.stream(Stream(RESERVATION.kind, number))
            state = cast("ReservationState", RESERVATION.fold(readable(events)))
            first, last = (events[0].position, events[-1].version) if events else (0, 0)
            known = self._reservations[number] = KnownReservation(state, last, first)
        return known

    def clear(self) -> None:
        """Drop every state, so that each is loaded again."""
        self._airplanes.clear()
        self._reservations.clear()

    def evict(self) -> None:
        """Drop all reservations, which are settled once, and all states if they are too many."""
        self._reservations.clear()
        if sum(known.size for known in self._airplanes.values()) > MAX_SEATS_CACHED:
            self._airplanes.clear()
