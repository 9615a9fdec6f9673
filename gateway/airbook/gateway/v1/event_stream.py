"""Streams of server-sent events: those that a sender asks for, as they are committed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import NamedTuple

from litestar.response import ServerSentEventMessage

from airbook.eventlog.errors import StoreError
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.v1.event_feed import EventFeed, FeedEvent, message

HEARTBEAT_SECONDS = 15.0  # https://html.spec.whatwg.org/multipage/server-sent-events.html
RETRY_MILLISECONDS = 1_000
ENDED = ServerSentEventMessage(None, retry=RETRY_MILLISECONDS, comment="ended", sep="\n").encode()


class Wanted(NamedTuple):
    """Which events a sender asks for; empty sets stand for all.

    customer: the name of the only customer whose events the sender may see; None for all.
    """

    streams: Collection[str] = ()
    types: Collection[str] = ()
    customer: str | None = None

    def includes(self, event: FeedEvent) -> bool:
        """Return whether the sender asks for an event, and may see it."""
        return (
            (not self.streams or event.stream in self.streams)
            and (not self.types or event.type in self.types)
            and self.customer in {None, event.customer}
        )


async def always() -> bool:
    """Return True: the sender needs no token."""
    return True


class EventStream:
    """Messages for one sender: events, and a heartbeat where none comes."""

    def __init__(
        self,
        access: StoreAccess,
        feed: EventFeed,
        wanted: Wanted,
        after: int,
        *,
        is_admitted: Callable[[], Awaitable[bool]] = always,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        """after: the position behind which it begins. heartbeat: the longest silence in seconds.

        is_admitted: returns whether the sender may still hear the events.
        """
        self._access, self._feed = access, feed
        self._wanted, self._position = wanted, after
        self._is_admitted = is_admitted
        self._heartbeat = heartbeat

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield messages until the gateway stops, the store fails, or the sender's token ends.

        The last message is a hint when to come again.
        """
        yield message(None, id=self._position)  # a reader who resumes before any event misses none
        try:
            async for events in self._batches():
                if not await self._is_admitted():
                    break
                chosen = [one.message for one in events if self._wanted.includes(one)]
                if chosen:
                    yield b"".join(chosen)
                elif not events:
                    yield b": heartbeat\n" + message(None, id=self._position)
        except StoreError:
            pass  # the reader comes again, and is answered with the problem
        yield ENDED

    async def _batches(self) -> AsyncIterator[Sequence[FeedEvent]]:
        """Yield batches of events, and an empty one where a heartbeat is due."""
        loop, watch = asyncio.get_running_loop(), self._access.watch
        due = loop.time() + self._heartbeat
        while not watch.is_stopping:
            if events := await self._feed.after(self._access, self._position):
                self._position = events[-1].position
                if any(map(self._wanted.includes, events)):
                    due = loop.time() + self._heartbeat
                yield events
            else:
                await watch.grown(self._position, max(0.0, due - loop.time()))
            if loop.time() >= due:
                due = loop.time() + self._heartbeat
                yield ()
