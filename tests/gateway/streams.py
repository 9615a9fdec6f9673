"""A reader of server-sent events, as a browser reads them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from tests.gateway.server import SECONDS, Address

EVENTS = "/api/v1/events"


class Message(NamedTuple):
    """One message. id, event, retry: its fields. data: decoded. comment: None if there is none."""

    id: str | None = None
    event: str | None = None
    data: Any = None
    retry: str | None = None
    comment: str | None = None


class Reader:
    """Reads the messages of one stream."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.response = response
        self.last_id = ""

    def next(self) -> Message:
        """Wait for the next message. Raises EOFError if the stream has ended."""
        fields = dict[str, str]()
        while line := self.response.readline().decode():
            if line == "\n":
                data = fields.pop("data", None)
                message = Message(data=data and json.loads(data), **fields)
                self.last_id = message.id or self.last_id
                return message
            name, _, value = line.rstrip("\n").partition(":")
            fields[name or "comment"] = value.removeprefix(" ")
        raise EOFError

    def events(self, count: int) -> list[Any]:
        """Wait for some events; messages without an event are skipped."""
        found = list[Any]()
        while len(found) < count:
            message = self.next()
            if message.event is not None:
                assert (message.id, message.event) == (
                    str(message.data["position"]),
                    message.data["type"],
                )
                found.append(message.data)
        return found


@contextmanager
def reading(gateway: Address, query: str = "", last_id: str | None = None) -> Generator[Reader]:
    """Read a stream for the duration of a block; its first message names where it begins."""
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=SECONDS)
    with closing(connection):
        connection.request("GET", EVENTS + query, headers=headers)
        response = connection.getresponse()
        assert response.status == 200, response.read()
        assert response.getheader("content-type") == "text/event-stream; charset=utf-8"
        yield Reader(response)
