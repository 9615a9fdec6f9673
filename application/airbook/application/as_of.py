"""Moments of the past: parsing them, and finding the log position of each."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from airbook.application.text.labels import mark
from airbook.application.text.parsing import NUMBER, refuse
from airbook.application.text.terminal import shown
from airbook.domain.refusal import Refused
from airbook.eventlog.codec import stamp
from airbook.eventlog.log import Log

AGO = re.compile(r"-([0-9]{1,6})(s|m|h|d)", re.ASCII)
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Moment(NamedTuple):
    """A moment of the past: a log position, a time in UTC, or how long before now."""

    position: int | None = None
    at: datetime | None = None
    ago: timedelta | None = None


def parse_moment(word: str) -> Moment:
    """Parse a moment: a log position, a time in ISO 8601, or how long ago, such as -5m.

    A time without an offset is in the local time zone. Raises Mistyped.
    """
    if NUMBER.fullmatch(word):
        return Moment(position=int(word))
    if found := AGO.fullmatch(word):
        return Moment(ago=timedelta(seconds=int(found[1]) * UNIT_SECONDS[found[2]]))
    try:
        return Moment(at=datetime.fromisoformat(word).astimezone(UTC))
    except (ValueError, OverflowError, OSError):
        sentence = mark("{word} is neither a position nor a time like 2026-11-22T09:00 or -5m.")
        refuse(sentence, word=shown(word))


def format_moment(moment: Moment) -> str:
    """Write a moment as a word that `parse_moment` parses to the same moment."""
    if moment.position is not None:
        return str(moment.position)
    if moment.at is not None:
        return moment.at.isoformat()
    seconds = int((moment.ago or timedelta()).total_seconds())
    unit = max(
        (unit for unit in UNIT_SECONDS if seconds % UNIT_SECONDS[unit] == 0),
        key=UNIT_SECONDS.__getitem__,
    )
    return f"-{seconds // UNIT_SECONDS[unit]}{unit}"


def position_at(log: Log, moment: Moment, now: datetime) -> int:
    """Find the log position of a moment: of the last event recorded by then, 0 before the first.

    now: the current time in UTC. Raises Refused (no_such_position) for a position after the head.
    """
    head = log.head()
    if moment.position is None:
        return position_at_time(log, moment.at or now - (moment.ago or timedelta()), head)
    if moment.position > head:
        sentence = mark("The last position of the log is {head}.")
        raise Refused("no_such_position", sentence, head=head)
    return moment.position


def position_at_time(log: Log, time: datetime, head: int) -> int:
    """Find the last position recorded at or before a time, by binary search up to the head.

    Times rise with positions, except where the clocks of several machines differ.
    """
    at, first, last = stamp(time), 0, head
    while first < last:
        middle = (first + last + 1) // 2
        if log.after(middle - 1, limit=1)[0].at <= at:
            first = middle
        else:
            last = middle - 1
    return first


def time_of(log: Log, position: int) -> str | None:
    """Return the time of the event at a position, UTC in ISO 8601; None for position 0."""
    return log.after(position - 1, limit=1)[0].at if position else None
