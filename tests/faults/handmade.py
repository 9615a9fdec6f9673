"""Small stores that are written by hand, with SQLite alone, to break promises in them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

TABLES = (
    "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER, topic, state)",
    "CREATE TABLE tracking (application_name TEXT, notification_id INTEGER)",
    "CREATE TABLE keys (key TEXT, contents TEXT, number INTEGER, position INTEGER)",
    "CREATE TABLE numbers (kind TEXT, last INTEGER)",
    "CREATE TABLE parked (reservation INTEGER)",
)
Story = Sequence[tuple[str, str, Mapping[str, Any]]]


def created(seats: int, plane: int = 1) -> Story:
    return [(f"airplane-{plane}", "AirplaneCreated.v1", {"seats": seats, "name": None})]


def seats(many: int) -> Story:
    return [("airplane-1", "SeatsChanged.v1", {"seats": many})]


def asked(number: int, plane: int = 1) -> Story:
    data = {"airplane": plane, "customer": "c1"}
    return [(f"reservation-{number}", "ReservationRequested.v1", data)]


def assigned(number: int, seat: int, plane: int = 1) -> Story:
    return [(f"airplane-{plane}", "SeatAssigned.v1", {"reservation": number, "seat": seat})]


def released(number: int, seat: int) -> Story:
    return [("airplane-1", "SeatReleased.v1", {"reservation": number, "seat": seat})]


def confirmed(number: int, seat: int) -> Story:
    data = {"airplane": 1, "seat": seat}
    return [(f"reservation-{number}", "ReservationApproved.v1", data)]


def approved(number: int, seat: int) -> Story:
    return [*assigned(number, seat), *confirmed(number, seat)]


def rejected(number: int, reason: str, plane: int = 1) -> Story:
    data = {"airplane": plane, "reason": reason}
    return [(f"reservation-{number}", "ReservationRejected.v1", data)]


def cancelled(number: int, seat: int | None) -> Story:
    data = {"airplane": 1, "seat": seat}
    return [(f"reservation-{number}", "ReservationCancelled.v1", data)]


CLOSED: Story = [("airplane-1", "AirplaneClosed.v1", {})]
OPENED: Story = [("airplane-1", "AirplaneOpened.v1", {})]
# Positions 1 to 15: every kind of event, and every decision that can be right.
SOUND: Story = [
    *created(1),
    *asked(1),
    *asked(2),
    *approved(1, 1),
    *rejected(2, "no_seats_left"),
    *cancelled(1, 1),
    *released(1, 1),
    *asked(3, plane=2),
    *created(5, plane=2),
    *rejected(3, "no_such_airplane", plane=2),
    *CLOSED,
    *asked(4),
    *OPENED,
    *rejected(4, "airplane_closed"),
]


def written(path: Path, story: Story, *statements: str) -> Path:
    """Write a store by hand. statements: executed at its end."""
    versions, numbers = Counter[str](), Counter[str]()
    with closing(sqlite3.connect(path)) as file:
        for table in TABLES:
            file.execute(table)
        for stream, topic, data in story:
            versions[stream] += 1
            kind, _, number = stream.partition("-")
            numbers[kind] = max(numbers[kind], int(number))
            state = json.dumps({"at": "2026-11-22T09:00:00.000Z", "data": data}).encode()
            row = (stream, versions[stream], topic, state)
            file.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
        file.executemany("INSERT INTO numbers VALUES (?, ?)", numbers.items())
        for statement in statements:
            file.execute(statement)
        file.commit()
    return path
