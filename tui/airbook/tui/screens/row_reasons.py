"""Why the current row rules out an action."""

from __future__ import annotations

from airbook.application.responses import Airplane, Parked, Reservation
from airbook.application.text.labels import mark
from airbook.tui.session.reasons import NO_ROW, Reason

REJECTED = mark("Reservation {number} is rejected: there is nothing to cancel.")
CANCELLED = mark("Reservation {number} is cancelled already.")
RETRYING = mark("Reservation {number} is tried again already.")
DROPPED = mark("Reservation {number} is dropped already.")
NO_AIRPLANE = Reason(mark("There is no airplane here."))
NO_RESERVATION = Reason(mark("There is no reservation here."))
NO_PARKED = Reason(mark("There is no parked reservation here."))


def reason_against(action: str, row: object) -> Reason | None:
    """Return why an action is impossible on a row; None if it is possible. row: None for none."""
    if action in {"set_seats", "close_or_open"}:
        return None if isinstance(row, Airplane) else NO_AIRPLANE
    if action in {"copy", "copy_json"}:
        return Reason(NO_ROW) if row is None else None
    match action, row:
        case "cancel", Reservation(id=number, status="rejected"):
            return Reason(REJECTED, {"number": number})
        case "cancel", Reservation(id=number, status="cancelled"):
            return Reason(CANCELLED, {"number": number})
        case "retry", Parked(reservation=number, state="retrying"):
            return Reason(RETRYING, {"number": number})
        case "drop", Parked(reservation=number, state="dropped"):
            return Reason(DROPPED, {"number": number})
        case ("cancel", Reservation()) | ("retry" | "drop", Parked()):
            return None
        case "cancel", _:
            return NO_RESERVATION
        case "retry" | "drop", _:
            return NO_PARKED
        case _:
            return None
