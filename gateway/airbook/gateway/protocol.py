"""HTTP over one connection, which is dropped if its client is too slow or sends too long a head."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 10.0  # from the connection or the first byte of a request to its last byte
READING_SECONDS = 30.0  # how long a client may leave an answer unread
MAX_HEAD = 32 * 1024  # bytes of the request line and the headers


class Together:
    """A transport that sends in one piece what is written in one step of the event loop.

    A head and its body are written one after the other: this way they are one call of the system,
    and one packet.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._written = list[bytes]()

    def write(self, piece: bytes) -> None:
        """Send a piece at the end of this step."""
        if not self._written:
            self._loop.call_soon(self.flush)
        self._written.append(piece)

    def close(self) -> None:
        """Send what is written, and close the connection."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what is written now."""
        pieces, self._written = self._written, []
        if pieces and not self._transport.is_closing():
            self._transport.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a transport has
        return getattr(self._transport, name)


class ImpatientProtocol(HttpToolsProtocol):
    """The protocol of uvicorn, with the limits that it has no settings for."""

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _head = 0  # bytes of the line and the fields that the present head has so far
    _unfinished = 0  # bytes that came since the head began, in pieces without its end
    _in_head = True
    _has_ended_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request soon."""
        super().connection_made(cast("asyncio.Transport", Together(transport, self.loop)))
        self._wait_for_request()

    def eof_received(self) -> None:
        """Send what is written: the loop closes the connection next, without asking."""
        cast("Together", self.transport).flush()
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to wait for anything."""
        self._cancel(self._timer, self._unread)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Drop the connection if the head of a request is too long, whether it ends or not.

        A piece in which a head ends can have a long body too: of such a piece, only the fields of
        the head count.
        """
        began_in_head, self._has_ended_head = self._in_head, False
        super().data_received(data)
        if began_in_head and not self._has_ended_head:
            self._unfinished += len(data)
            if self._unfinished > MAX_HEAD:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Expect the whole request soon."""
        self._head = 0
        super().on_message_begin()
        self._wait_for_request()

    def on_url(self, url: bytes) -> None:
        """Count the bytes of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count the bytes of a field, with those between its parts and at its end."""
        self._count(len(name) + len(value) + len(b": \r\n"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin the request, and count the pieces of the next head anew."""
        self._in_head, self._unfinished, self._has_ended_head = False, 0, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop to wait for the request; the answer takes the time that it takes."""
        self._in_head = True
        self._cancel(self._timer)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Wait for a client that does not read its answer, but not forever."""
        super().pause_writing()
        self._unread = self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with the answer."""
        self._cancel(self._unread)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be read, unless its connection was dropped."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def _count(self, size: int) -> None:
        """Drop the connection if the head is too long. Raises ValueError, which ends the parser."""
        self._head += size
        if self._head > MAX_HEAD:
            self.transport.abort()
            raise ValueError(self._head)

    def _wait_for_request(self) -> None:
        self._cancel(self._timer)
        self._timer = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    @staticmethod
    def _cancel(*timers: asyncio.TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()
