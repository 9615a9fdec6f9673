"""A moment of the log's past: a position, a time, or how long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from airbook.application.airbook import Airbook
from airbook.application.text.labels import mark
from airbook.domain.refusal import Refused
from airbook.eventlog.codec import stamp


class Moment(NamedTuple):
    """One of three: a log position, a time, UTC, or how long ago."""

    position: int | None = None
    at: datetime | None = None
    ago: timedelta | None = None


def position_at(airbook: Airbook, moment: Moment) -> int:
    """Find the log position of a moment: of the last event recorded by then, 0 before the first.

    Raises Refused (no_such_position) for a position to come.
    """
    head = airbook.log.head()
    if moment.position is None:
        return position_by(
            airbook, moment.at or airbook.clock() - (moment.ago or timedelta()), head
        )
    if moment.position > head:
        sentence = mark("The log has come to position {head} only.")
        raise Refused("no_such_position", sentence, head=head)
    return moment.position


def position_by(airbook: Airbook, time: datetime, head: int) -> int:
    """Look for a time by halves: times go up with positions, but for clocks that differ."""
    at, first, last = stamp(time), 0, head
    while first < last:
        middle = (first + last + 1) // 2
        if airbook.log.after(middle - 1, limit=1)[0].at <= at:
            first = middle
        else:
            last = middle - 1
    return first


def time_of(airbook: Airbook, position: int) -> str | None:
    """Tell when the event at a position was recorded; None before the first."""
    return airbook.log.after(position - 1, limit=1)[0].at if position else None
