"""Selected events of the log in memory."""

from __future__ import annotations

from airbook.eventlog.rows import EventRow
from airbook.eventlog.selection import (
    Among,
    Condition,
    Contains,
    Selection,
    SortOrder,
    Within,
    fold,
)
from airbook.eventlog.stored_text import NOT_SHOWN, json_parts, stored_at, stored_by, stored_data

Value = str | int | bytes


def is_selected(event: EventRow, selection: Selection) -> bool:
    """Return whether every clause of a selection holds for an event."""
    return all(any(holds(event, one) for one in clause) for clause in selection.clauses)


def holds(event: EventRow, condition: Condition) -> bool:
    """Return whether a condition holds for an event."""
    value = value_of(event, condition.column)
    match condition:
        case Among(_, listed):
            return value in listed
        case Within(_, first, end):
            return first <= value < end  # type: ignore[operator]  # both are texts, or numbers
        case Contains("data", part):
            text = fold(stored_data(event.state).decode(errors="replace"))
            for field in NOT_SHOWN:
                text = text.replace(field, "")
            return any(one in text for one in json_parts(part))
        case Contains(_, part):
            return part in fold(str(value))


def value_of(event: EventRow, column: str) -> Value:
    """Return the value of a column of an event."""
    match column:
        case "position":
            return event.position
        case "stream":
            return event.stream
        case "type":
            return event.topic.partition(".")[0]
        case "at":
            return stored_at(event.state)
        case "by":
            return stored_by(event.state)
        case _:
            return stored_data(event.state)


def key_of(event: EventRow, order: SortOrder) -> tuple[Value, int]:
    """Return the key of an event in an order."""
    value = value_of(event, order.column)
    if order.column == "stream":  # reservation-2 comes before reservation-10
        stream = event.stream
        value = f"{stream.rstrip('0123456789')}{len(stream):04}{stream}"
    return value, event.position
