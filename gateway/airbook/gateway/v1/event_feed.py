"""The newest events of the log, read and encoded once for all streams of the process."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from litestar.response import ServerSentEventMessage
from msgspec import json

from airbook.application.airbook import Airbook
from airbook.application.event_responses import event_responses
from airbook.domain.decider import RESERVATION
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent, Stream
from airbook.gateway.store_access import StoreAccess

RECENT = 2_000
REMEMBERED_SECONDS = 1.0
BATCH = 500


class FeedEvent(NamedTuple):
    """One event, encoded.

    customer: the name of the customer in whose reservation's stream it is; None for other events.
    message: the event as a stream sends it.
    """

    position: int
    stream: str
    type: str
    customer: str | None
    message: bytes


class EventFeed:
    """Serves the events after a position: the newest from memory, older ones from the log.

    Memory is bounded, because a stream that falls behind reads the log by itself.
    """

    def __init__(self) -> None:
        self._recent = deque[FeedEvent](maxlen=RECENT)
        self._forget_at = 0.0  # on the monotonic clock
        self._reading = asyncio.Lock()

    async def after(self, access: StoreAccess, position: int) -> Sequence[FeedEvent]:
        """List the next events after a position, at most BATCH; none at the end of the log.

        Raises StoreError.
        """
        self._forget_if_due()
        if self._is_older(position):
            return await read(access, position)
        async with self._reading:  # one reads for all who wait
            newest = self._recent[-1].position if self._recent else position
            if position >= newest:
                self._recent.extend(await read(access, newest))
        if self._is_older(position):
            return await read(access, position)
        first = self._recent[0].position if self._recent else position + 1
        skipped = position + 1 - first
        return [*islice(self._recent, skipped, skipped + BATCH)]

    def _forget_if_due(self) -> None:
        """Forget all events once a second: a name can be deleted, and a log replaced."""
        if (now := time.monotonic()) >= self._forget_at:
            self._recent.clear()
            self._forget_at = now + REMEMBERED_SECONDS

    def _is_older(self, position: int) -> bool:
        return bool(self._recent) and position + 1 < self._recent[0].position


async def read(access: StoreAccess, position: int) -> Sequence[FeedEvent]:
    """Read the next events after a position from the log. Raises StoreError."""
    return await access.ask(lambda airbook: encoded(airbook, position))


def encoded(airbook: Airbook, position: int) -> Sequence[FeedEvent]:
    """Encode the next events after a position."""
    recorded_events = airbook.log.after(position, BATCH)
    customers = customers_of(airbook.log, recorded_events)
    return [
        FeedEvent(
            response.position,
            response.stream,
            response.type,
            customers.get(recorded.stream),
            message(json.encode(response), id=response.position, event=response.type),
        )
        for recorded, response in zip(
            recorded_events, event_responses(airbook.log, recorded_events), strict=True
        )
    ]


def customers_of(log: Log, recorded_events: Sequence[RecordedEvent]) -> dict[Stream, str]:
    """Return the names of the customers of all reservations in whose streams the events are."""
    streams = {one.stream for one in recorded_events if one.stream.kind == RESERVATION.kind}
    begun = {one.stream: one.event for one in recorded_events if one.version == 1}
    requests = {one: begun.get(one) or log.stream(one)[0].event for one in streams}
    ids = {
        stream: request.customer
        for stream, request in requests.items()
        if isinstance(request, ReservationRequested)
    }
    names = log.registry.customer_names(sorted(set(ids.values())))
    return {stream: names[found] for stream, found in ids.items() if found in names}


def message(data: bytes | None, *, id: int, event: str | None = None) -> bytes:  # noqa: A002
    """Encode one message of a stream. data: None moves the reader's position and shows nothing."""
    return ServerSentEventMessage(data=data, id=id, event=event, sep="\n").encode()
