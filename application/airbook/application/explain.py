"""Explanations of decisions: the rule that applied, and the airplane as the decision found it."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane, Event, Reservation, Why
from airbook.application.text.labels import Labels, mark
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError

SENTENCES = {
    "received": mark("Reservation {number} is pending: it is not decided yet."),
    "approved": mark(
        "Reservation {number} was approved: {found} of {seats} seats of airplane {airplane}"
        " were taken, and seat {seat} was the lowest free."
    ),
    "no_seats_left": mark(
        "Reservation {number} was rejected: all {seats} seats of airplane {airplane} were taken."
    ),
    "airplane_closed": mark("Reservation {number} was rejected: airplane {airplane} was closed."),
    "no_such_airplane": mark(
        "Reservation {number} was rejected: there was no airplane {airplane}."
    ),
    "cancelled": mark("Reservation {number} was cancelled before it was decided."),
    "cancelled_by_customer": mark(
        "Reservation {number} was cancelled by the customer before it was decided."
    ),
    "cancelled_by_actor": mark(
        "Reservation {number} was cancelled by {actor} before it was decided."
    ),
    "given_back": mark("Reservation {number} was approved, and cancelled afterwards."),
    "given_back_by_customer": mark(
        "Reservation {number} was approved, and given back by the customer afterwards."
    ),
    "given_back_by_actor": mark(
        "Reservation {number} was approved, and cancelled by {actor} afterwards."
    ),
}


def why(airbook: Airbook, number: int, label: Labels, *, as_of: int | None = None) -> Why:
    """Explain the status of a reservation from the airplane as the decision found it.

    number: the reservation's number. label: the language of the sentence. as_of: a log position;
    None means now. Raises Refused (no_such_reservation).
    """
    history = airbook.queries.history(number, as_of=as_of)
    found = airbook.queries.reservation(number, as_of=as_of)
    airplane = airplane_at(airbook, found.airplane, judged_at(found, history))
    values = {
        "number": number,
        "airplane": found.airplane,
        "seat": found.seat or 0,
        "seats": airplane.seats if airplane else 0,
        "found": airplane.taken if airplane else 0,
        "actor": canceller(history),
    }
    rule = SENTENCES.get(rule_of(found, canceller(history)))
    if rule is None:  # no event has such a status or reason
        raise StoreError("views_damaged", airbook.queries.views.database.place)
    sentence = label(rule, values)
    events = [event.position for event in history]
    return Why(number, found.status, found.reason, sentence, airplane, events)


def judged_at(found: Reservation, history: Sequence[Event]) -> int:
    """Return the position at which the airplane was as the decision found it.

    Whether it existed and was open is read at the request, and its seats at the decision.
    """
    if found.reason in {"no_such_airplane", "airplane_closed"}:
        return history[0].position
    decided = [event for event in history if event.type in {"SeatAssigned", "ReservationRejected"}]
    return (decided[0] if decided else history[-1]).position - 1


def canceller(history: Sequence[Event]) -> str | None:
    """Return the name of the actor who cancelled a reservation; None if the event has none."""
    return next((one.by for one in history if one.type == "ReservationCancelled"), None)


def rule_of(found: Reservation, actor: str | None) -> str:
    """Return the rule behind the status of a reservation: a key of SENTENCES.

    actor: the name of the actor who cancelled it; None if the event names no actor.
    """
    if found.status != "cancelled":
        return found.reason or found.status
    who = "" if actor is None else "_by_customer" if actor == found.customer else "_by_actor"
    return f"{'given_back' if found.seat is not None else 'cancelled'}{who}"


def airplane_at(airbook: Airbook, airplane: int, position: int) -> Airplane | None:
    """Find an airplane as it was at a log position; None if it did not exist yet."""
    try:
        return airbook.queries.airplane(airplane, as_of=position)
    except Refused:
        return None
