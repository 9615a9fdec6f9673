"""The promises of the log, checked event by event by a reader that uses no code of airbook."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Data = dict[str, Any]

# What may be decided about a request, by the status of the airplane when it was made.
ALLOWED = {
    "missing": {"no_such_airplane"},
    "closed": {"airplane_closed"},
    "open": {"approved", "no_seats_left"},
}


class Row(NamedTuple):
    """One stored event, as the database returns it."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


@dataclass
class Airplane:
    """One airplane after some events. holders: the reservation in each taken seat."""

    status: str = "missing"
    seats: int = 0
    holders: dict[int, int] = field(default_factory=dict[int, int])
    approved: int = 0


@dataclass
class Request:
    """One reservation after some events.

    found: the status of the airplane when the request was made. ended: where it was cancelled.
    """

    position: int
    airplane: int
    found: str
    status: str = "received"
    seat: int | None = None
    reason: str | None = None
    ended: int = 0


class Ledger:
    """Applies events in order; `problems` has a sentence with its position for each violation.

    events: the stream and the type at each position. keys: the number that each key names.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.airplanes: dict[int, Airplane] = defaultdict(Airplane)
        self.requests: dict[int, Request] = {}
        self.events: dict[int, tuple[str, str]] = {}
        self.keys: dict[str, int] = {}
        self.head = 0
        self._versions = Counter[str]()

    @property
    def pending(self) -> int:
        """Return how many requests have no decision."""
        return sum(one.status == "received" for one in self.requests.values())

    def report(self, sentence: str, position: int | None = None) -> None:
        self.problems.append(f"position {position or self.head}: {sentence}")

    def apply(self, row: Row) -> None:
        """Check the place of an event in the log, then what it says."""
        if row.position != self.head + 1:
            self.report(f"the next event is at {row.position}", row.position)
        if row.version != self._versions[row.stream] + 1:
            last = self._versions[row.stream]
            self.report(f"{row.stream} has version {row.version} after {last}", row.position)
        self.head, self._versions[row.stream] = row.position, row.version
        kind, _, number = row.stream.partition("-")
        event = row.topic.partition(".")[0]
        self.events[row.position] = row.stream, event
        try:
            data: Data = json.loads(row.state)["data"]
            if kind == "airplane":
                self.of_airplane(int(number), event, data)
            else:
                self.of_reservation(int(number), event, data)
        except (ValueError, KeyError, TypeError):
            self.report(f"{row.topic} of {row.stream} cannot be read")

    def of_airplane(self, number: int, event: str, data: Data) -> None:
        plane = self.airplanes[number]
        match event:
            case "AirplaneCreated":
                if plane.status != "missing":
                    self.report(f"airplane {number} is created twice")
                plane.status, plane.seats = "open", data["seats"]
            case "SeatsChanged":
                plane.seats = data["seats"]
                highest = max(plane.holders, default=0)
                if highest > plane.seats:
                    self.report(
                        f"seat {highest} of airplane {number} is taken and no longer exists"
                    )
            case "AirplaneClosed":
                plane.status = "closed"
            case "AirplaneOpened":
                plane.status = "open"
            case "SeatAssigned":
                self.assign(number, plane, data["reservation"], data["seat"])
            case "SeatReleased":
                self.release(number, plane, data["reservation"], data["seat"])
            case _:
                raise ValueError(event)
        if len(plane.holders) > plane.seats or plane.approved > plane.seats:
            taken = max(len(plane.holders), plane.approved)
            self.report(f"{taken} of the {plane.seats} seats of airplane {number} are taken")

    def assign(self, number: int, plane: Airplane, reservation: int, seat: int) -> None:
        request = self.requests.get(reservation)
        if request is None or request.airplane != number or request.status != "received":
            self.report(f"reservation {reservation} gets a seat of airplane {number} unasked")
        if not 1 <= seat <= plane.seats:
            self.report(f"seat {seat} of airplane {number} does not exist")
        if seat in plane.holders:
            self.report(f"seat {seat} of airplane {number} is assigned twice")
        if reservation in plane.holders.values():
            self.report(f"reservation {reservation} gets two seats of airplane {number}")
        plane.holders[seat] = reservation

    def release(self, number: int, plane: Airplane, reservation: int, seat: int) -> None:
        request = self.requests.get(reservation)
        if plane.holders.get(seat) != reservation:
            self.report(f"seat {seat} of airplane {number} is not held by {reservation}")
        elif request is None or request.status != "cancelled":
            self.report(f"seat {seat} of airplane {number} is released and was not given back")
        plane.holders.pop(seat, None)

    def of_reservation(self, number: int, event: str, data: Data) -> None:
        airplane = data["airplane"]
        if event == "ReservationRequested":
            if number in self.requests:
                self.report(f"reservation {number} is requested twice")
            self.requests[number] = Request(self.head, airplane, self.airplanes[airplane].status)
            return
        request = self.requests.get(number)
        if request is None or request.airplane != airplane:
            self.report(f"{event} of reservation {number}, which was not requested so")
            return
        match event:
            case "ReservationApproved":
                self.decide(number, request, "approved")
                self.approve(number, request, data["seat"])
            case "ReservationRejected":
                self.decide(number, request, data["reason"])
                request.status, request.reason = "rejected", data["reason"]
            case "ReservationCancelled":
                self.cancel(number, request, data["seat"])
            case _:
                raise ValueError(event)

    def decide(self, number: int, request: Request, decision: str) -> None:
        """Check that a request is decided once, and by what was true when it was made."""
        if request.status != "received":
            self.report(f"reservation {number} is decided and was {request.status} already")
        if decision not in ALLOWED[request.found]:
            asked = f"was made at {request.position} when the airplane was {request.found}"
            self.report(f"reservation {number} is decided {decision}, and {asked}")
        plane = self.airplanes[request.airplane]
        if decision == "no_seats_left" and len(plane.holders) < plane.seats:
            self.report(f"reservation {number} is rejected, and the airplane has free seats")

    def approve(self, number: int, request: Request, seat: int) -> None:
        plane = self.airplanes[request.airplane]
        if plane.holders.get(seat) != number:
            self.report(f"reservation {number} is approved without holding seat {seat}")
        if request.status == "received":
            plane.approved += 1
        request.status, request.seat = "approved", seat
        if plane.approved > plane.seats:
            sold = f"{plane.approved} approved reservations of {plane.seats} seats"
            self.report(f"airplane {request.airplane} has {sold}")

    def cancel(self, number: int, request: Request, seat: int | None) -> None:
        if request.status not in {"received", "approved"}:
            self.report(f"reservation {number} is cancelled and was {request.status} already")
        if seat != request.seat:
            self.report(f"reservation {number} gives back seat {seat} and has {request.seat}")
        if request.status == "approved":
            self.airplanes[request.airplane].approved -= 1
        request.status, request.ended = "cancelled", self.head
