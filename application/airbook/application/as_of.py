"""Moments of the past: parsing them, and finding the log position of each."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from airbook.application.text.labels import mark
from airbook.application.text.parsing import NUMBER, UNITS, Mistyped, duration, refuse
from airbook.application.text.terminal import shown
from airbook.domain.refusal import Refused
from airbook.eventlog.codec import stamp
from airbook.eventlog.log import Log

NOW = {"now", "지금", "today", "오늘"}
DAYS_AGO = {"today": 0, "오늘": 0, "yesterday": 1, "어제": 1}
LOCAL_TIME = re.compile(
    rf"({'|'.join(DAYS_AGO)})?(?:(?:^|\s+)((?!24)[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?))?",
    re.ASCII,
)
HOUR_24 = re.compile(r"[Tt ]24")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_AGO = timedelta(days=999_999)  # earlier than the year 1


class Moment(NamedTuple):
    """A moment of the past: a log position, a time in UTC, how long before now, or a time of a day.

    days_ago: 0 stands for today and 1 for yesterday, in the local time zone. clock: the time of
    that day; None stands for the present time of day.
    """

    position: int | None = None
    at: datetime | None = None
    ago: timedelta | None = None
    days_ago: int | None = None
    clock: time | None = None


def parse_moment(word: str) -> Moment:
    """Parse a moment: a log position, a time, a word for a day, or how long ago.

    Examples: 42, 2026-11-22T09:00, 22:53, yesterday 18:30, now, -1h30m. A time without an offset is
    in the local time zone, a time without a day is today's, and a word for a day without a time
    stands for the present time of that day. Raises Mistyped.
    """
    text = unicodedata.normalize("NFC", word).casefold()
    try:
        if NUMBER.fullmatch(word):
            return Moment(position=int(word))
        if text in NOW:
            return Moment(ago=timedelta())
        if word.startswith("-") and word[-1].isalpha():
            return Moment(ago=min(duration(word[1:]), LONGEST_AGO))
        if text and (found := LOCAL_TIME.fullmatch(text)):
            return local_moment(*found.groups())
        return Moment(at=in_utc(iso_time(word)))
    except (Mistyped, ValueError):
        sentence = mark("{word} is neither a position nor a time like 2026-11-22T09:00 or -5m.")
        refuse(sentence, word=shown(word))


def local_moment(day: str | None, clock: str | None) -> Moment:
    """Return the moment of a day and a time of that day, as they are typed. Raises ValueError."""
    days_ago = DAYS_AGO[day or "today"]
    if clock is None:
        return Moment(days_ago=days_ago)
    padded = clock if clock[2] == ":" else f"0{clock}"
    return Moment(days_ago=days_ago, clock=time.fromisoformat(padded))


def iso_time(word: str) -> datetime:
    """Return the time that a word writes as ISO 8601 has it. Raises ValueError.

    Hour 24 is refused, which Python 3.14 takes for midnight and older ones do not.
    """
    if HOUR_24.search(word):
        raise ValueError(word)
    return datetime.fromisoformat(word)


def in_utc(at: datetime) -> datetime:
    """Convert a time to UTC; a time at an end of the calendar is taken as UTC already.

    A local time that is skipped, when clocks are set forward, counts from before. `astimezone` of
    Python 3.11 takes it for an hour earlier.
    """
    try:
        if at.tzinfo is None:
            seconds = at.replace(microsecond=0).timestamp()
            return EPOCH + timedelta(seconds=seconds, microseconds=at.microsecond)
        return at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return at.replace(tzinfo=UTC)


def format_moment(moment: Moment) -> str:
    """Write a moment as a word that `parse_moment` parses to the same moment."""
    if moment.position is not None:
        return str(moment.position)
    if moment.at is not None:
        return moment.at.isoformat()
    if moment.days_ago is not None:
        day = "yesterday" if moment.days_ago else "today"
        return f"{day} {moment.clock:%H:%M:%S}" if moment.clock else day
    ago = moment.ago or timedelta()
    minutes, seconds = divmod(ago.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    amounts = (ago.days, hours, minutes, seconds, ago.microseconds / 1_000)
    parts = [f"{amount:g}{unit}" for amount, unit in zip(amounts, UNITS, strict=True) if amount]
    return f"-{''.join(parts) or '0s'}"


def time_at(moment: Moment, now: datetime) -> datetime:
    """Return the time, in UTC, of a moment that is no position. now: the current time in UTC."""
    if moment.at is not None:
        return moment.at
    if moment.days_ago is not None:
        local = now.astimezone()
        clock = local.time() if moment.clock is None else moment.clock
        day = local.date() - timedelta(days=moment.days_ago)
        return in_utc(datetime.combine(day, clock))
    try:
        return now - (moment.ago or timedelta())
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def format_local(at: datetime) -> str:
    """Format a time in the local time zone, or in UTC if the local time zone cannot show it."""
    try:
        local = at.astimezone()
    except (ValueError, OverflowError, OSError):
        local = at
    return local.replace(tzinfo=None).isoformat(" ", "seconds")


def position_at(log: Log, moment: Moment, now: datetime) -> int:
    """Find the log position of a moment: of the last event recorded by then, 0 before the first.

    now: the current time in UTC. Raises Refused (no_such_position) for a position after the head,
    and for a time in the future.
    """
    head = log.head()
    if moment.position is None:
        at = time_at(moment, now)
        # The clock of another machine may be fast: its events lie in the past all the same.
        if at > now and stamp(at) > (time_of(log, head) or ""):
            sentence = mark("{time} lies in the future.")
            raise Refused("no_such_position", sentence, time=format_local(at))
        return position_at_time(log, at, head)
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
