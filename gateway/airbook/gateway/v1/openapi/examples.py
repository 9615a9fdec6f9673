"""Examples in the document: one airplane with five seats, and the sixth customer."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

AIRPLANE: Json = {
    "id": 1,
    "name": "KE 907",
    "seats": 5,
    "taken": 5,
    "pending": 0,
    "left": 0,
    "status": "open",
}
RECEIVED: Json = {
    "id": 6,
    "airplane": 1,
    "customer": "kim",
    "status": "received",
    "seat": None,
    "reason": None,
    "received_at": "2026-11-22T09:00:00.000Z",
    "decided_at": None,
}
REJECTED: Json = {
    **RECEIVED,
    "status": "rejected",
    "reason": "no_seats_left",
    "decided_at": "2026-11-22T09:00:00.004Z",
}
EVENTS: list[Json] = [
    {
        "position": 17,
        "stream": "reservation-6",
        "version": 1,
        "type": "ReservationRequested",
        "at": "2026-11-22T09:00:00.000Z",
        "by": "kim",
        "cause": None,
        "data": {"airplane": 1, "customer": "c5b0a3d94e2f71806"},
    },
    {
        "position": 18,
        "stream": "reservation-6",
        "version": 2,
        "type": "ReservationRejected",
        "at": "2026-11-22T09:00:00.004Z",
        "by": "daemon",
        "cause": 17,
        "data": {"airplane": 1, "reason": "no_seats_left"},
    },
]
WHY: Json = {
    "reservation": 6,
    "status": "rejected",
    "reason": "no_seats_left",
    "sentence": "Reservation 6 was rejected: all 5 seats of airplane 1 were taken.",
    "airplane": {**AIRPLANE, "pending": 1},
    "events": [17, 18],
}
STATUS: Json = {
    "store": "sqlite:///airbook.db",
    "position": 18,
    "daemon": {"running": True, "heartbeat_age_seconds": 0.4},
    "views": [{"name": "reservations", "position": 18, "lag_events": 0, "lag_seconds": 0.0}],
    "airplanes": 1,
    "reservations": {"received": 0, "approved": 5, "rejected": 1, "cancelled": 0},
    "parked": 0,
}
STREAM = """id: 16

id: 18
event: ReservationRejected
data: {"position":18,"stream":"reservation-6","version":2,"type":"ReservationRejected",\
"at":"2026-11-22T09:00:00.004Z","by":"daemon","cause":17,\
"data":{"airplane":1,"reason":"no_seats_left"}}

"""
ANSWERS: dict[str, object] = {
    "airplanes": [AIRPLANE],
    "airplane": AIRPLANE,
    "add_airplane": {**AIRPLANE, "taken": 0, "left": 5},
    "change_airplane": {**AIRPLANE, "seats": 6, "left": 1},
    "reservations": [REJECTED],
    "reservation": REJECTED,
    "history": EVENTS,
    "why": WHY,
    "reserve": RECEIVED,
    "cancel": {**RECEIVED, "status": "cancelled"},
    "events": EVENTS,
    "status": STATUS,
}
BODIES: dict[str, Json] = {
    "add_airplane": {"seats": 5, "name": "KE 907"},
    "change_airplane": {"seats": 6},
    "reserve": {"airplane": 1, "customer": "kim"},
}
