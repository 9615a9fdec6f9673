"""A running gateway, and requests to it."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.support.home import Home
from tests.support.ports import reserved_port
from tests.support.running import Process
from tests.support.waiting import until

SECONDS = 60.0


@dataclass(frozen=True)
class Reply:
    """An answer of the gateway. headers: the names in lower case, in their order."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def document(self) -> Any:  # noqa: ANN401 -- JSON
        """Return the body as JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the first header with a name in lower case; None if there is none."""
        return next((value for one, value in self.headers if one == name), None)


class Address:
    """A port of this machine behind which a gateway answers."""

    def __init__(self, port: int, seconds: float = SECONDS) -> None:
        """seconds: how long an answer is waited for."""
        self.port = port
        self.seconds = seconds
        self.base = f"http://127.0.0.1:{port}"

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request on a connection of its own. body: JSON, or bytes as they are."""
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        typed = {} if sent is None else {"Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        with closing(connection):
            connection.request(method, path, sent, {**typed, **(headers or {})})
            reply = connection.getresponse()
            found = [(name.lower(), value) for name, value in reply.getheaders()]
            return Reply(reply.status, found, reply.read())

    def get(self, path: str, **headers: str) -> Reply:
        """Get a path. headers: with _ for the hyphens of their names."""
        return self.request("GET", path, headers=hyphenated(headers))

    def post(self, path: str, body: object, **headers: str) -> Reply:
        """Post JSON to a path."""
        return self.request("POST", path, body, hyphenated(headers))


class Gateway(Address):
    """A gateway that runs in a process of its own."""

    def __init__(self, process: Process, port: int) -> None:
        super().__init__(port)
        self.process = process

    def is_listening(self) -> bool:
        """Return whether the gateway accepts connections; fail if it has ended."""
        assert not self.process.has_ended(), self.process.end()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), SECONDS):
            return True
        return False


def hyphenated(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def serving(
    home: Home, *options: str, under: Sequence[str] = (), **settings: str
) -> Generator[Gateway]:
    """Run `airbook serve` on a free port; it must end with exit code 0 unless the block ends it.

    options: of the command, beside --port. under: the program that starts it. settings: environment
    variables.
    """
    with reserved_port() as port:
        process = home.start("serve", "--port", str(port), *options, under=under, **settings)
        gateway = Gateway(process, port)
        try:
            until(gateway.is_listening, "the gateway to listen")
            yield gateway
        finally:
            ended_by_block = process.answer is not None
            answer = process.stop()
        assert ended_by_block or answer.code == 0, answer
