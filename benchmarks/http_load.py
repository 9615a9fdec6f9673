"""Requests over HTTP from many connections at once, by a client that costs little itself."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import cast

END = b"\r\n0\r\n\r\n"  # of an answer in chunks


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """Return a request as bytes."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection(asyncio.Protocol):
    """Sends the same request again and again, as soon as the answer has come.

    seconds: from each request to its answer.
    """

    def __init__(self, sent: bytes, count: int, status: bytes) -> None:
        """count: how many requests. status: of every answer, such as b"200"."""
        self.sent = sent
        self.left = count
        self.status = status
        self.received = b""
        self.seconds = list[float]()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = cast("asyncio.Transport", transport)  # that of uvloop is no subclass
        self.send()

    def send(self) -> None:
        """Send a request."""
        self.sent_at = perf_counter()
        self.transport.write(self.sent)

    def data_received(self, data: bytes) -> None:
        """Send the next request if the answer is complete."""
        self.received += data
        if not self.received.endswith(END):
            return
        assert self.received[9:12] == self.status, self.received
        self.seconds.append(perf_counter() - self.sent_at)
        self.received = b""
        self.left -= 1
        if self.left:
            self.send()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a connection that the server has ended."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("ended by the server"))


async def load(
    port: int, sent: bytes, status: bytes, connections: int, each: int
) -> tuple[float, list[float]]:
    """Send requests on several connections.

    Returns the seconds that all of them took, and those of each.
    """
    loop = asyncio.get_running_loop()
    began = perf_counter()
    opened = [
        await loop.create_connection(lambda: Connection(sent, each, status), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.done for _, connection in opened))
    seconds = [one for _, connection in opened for one in connection.seconds]
    return perf_counter() - began, seconds


def took(port: int, sent: bytes, status: bytes, connections: int, each: int) -> float:
    """Send requests from an event loop of their own; returns the seconds of all together."""
    import uvloop

    return uvloop.run(load(port, sent, status, connections, each))[0]


def answer_times(port: int, sent: bytes, status: bytes, connections: int, each: int) -> list[float]:
    """Send requests from an event loop of their own; returns the seconds of each."""
    import uvloop

    return uvloop.run(load(port, sent, status, connections, each))[1]
