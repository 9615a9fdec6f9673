"""What a shell can suggest while a command line is typed, read from the log without the views.

Reading the views could mean to create or to rebuild them, which would write and take long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import cast

from msgspec import Struct

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.responses import Reservation
from airbook.domain.airplane import AirplaneCreated, AirplaneState
from airbook.domain.decider import AIRPLANE, RESERVATION
from airbook.domain.refusal import Refused
from airbook.eventlog.log import Log, UnreadableStream, readable
from airbook.eventlog.records import Stream
from airbook.eventlog.selection import Among, Selection

MOST = 50
MOST_EVENTS = 10_000  # which are read in about a fifth of a second
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class SuggestedAirplane(Struct, frozen=True):
    """An airplane. name, state: None if it has no name, or if its events cannot be read in time."""

    number: int
    name: str | None = None
    state: AirplaneState | None = None


def airplanes(airbook: Airbook, beginning: str) -> Iterator[SuggestedAirplane]:
    """List the first airplanes whose numbers begin with some digits. Raises StoreError."""
    log = airbook.log
    ranges = numbers_beginning(beginning, log.registry.numbers().get(AIRPLANE.kind, 0))
    head, events = log.head(), 0
    for number in islice(chain.from_iterable(ranges), MOST):
        stream = Stream(AIRPLANE.kind, number)
        events += log.count(Selection(0, head, ((Among("stream", (str(stream),)),),)))
        yield airplane(log, stream) if events <= MOST_EVENTS else SuggestedAirplane(number)


def airplane(log: Log, stream: Stream) -> SuggestedAirplane:
    """Fold the stream of one airplane."""
    events = log.stream(stream)
    try:
        state = cast("AirplaneState", AIRPLANE.fold(readable(events)))
    except UnreadableStream:
        return SuggestedAirplane(stream.number)
    created = events[0].event if events else None
    name = created.name if isinstance(created, AirplaneCreated) else None
    return SuggestedAirplane(stream.number, name, state)


def reservations(airbook: Airbook, beginning: str) -> Iterator[tuple[int, Reservation | None]]:
    """List the newest reservations whose numbers begin with some digits, newest first.

    Each is None if its events cannot be read. Raises StoreError.
    """
    last = airbook.log.registry.numbers().get(RESERVATION.kind, 0)
    ranges = reversed(numbers_beginning(beginning, last))
    for number in islice(chain.from_iterable(map(reversed, ranges)), MOST):
        try:
            yield number, outcome.reservation(airbook, number)
        except (Refused, UnreadableStream):
            yield number, None


def customers(airbook: Airbook, beginning: str) -> Sequence[str]:
    """List the names of customers that begin with a text, in their order. Raises StoreError."""
    registry = airbook.log.registry
    ids = registry.customers_named(beginning, MOST)
    names = registry.customer_names(ids)
    return [names[one] for one in ids if one in names]


def actors(airbook: Airbook, beginning: str) -> Sequence[str]:
    """List the names of actors that begin with a text, in their order. Raises StoreError."""
    registry = airbook.log.registry.actors
    ids = registry.named(beginning, MOST)
    names = registry.names(ids)
    return [names[one] for one in ids if one in names]


def numbers_beginning(digits: str, last: int) -> Sequence[range]:
    """List the numbers from 1 to `last` that begin with some digits, as ranges in their order."""
    if not digits:
        return [range(1, last + 1)]
    if not NUMBER.fullmatch(digits):
        return []
    first, width, found = int(digits), 1, list[range]()
    while first <= last:
        found.append(range(first, min(first + width - 1, last) + 1))
        first, width = first * 10, width * 10
    return found
