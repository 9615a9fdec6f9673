"""A small HTTP server in a thread of the daemon: its health, and its figures for Prometheus."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from airbook.application.observability.health import Answer
from airbook.application.text import parsing
from airbook.application.text.labels import mark

CLIENT_SECONDS = 5.0  # a client that sends nothing for so long is disconnected
POLL_SECONDS = 0.25  # how often the thread looks whether it is to end
NOT_FOUND = Answer(404, "application/json", b'{"status":404,"error":"Not Found"}')
Ask = Callable[[str, str], Answer | None]


class Server(ThreadingHTTPServer):
    """Answers each request in a thread of its own, so that a silent client blocks no other."""

    daemon_threads = True

    def __init__(self, host: str, port: int, ask: Ask) -> None:
        """ask: returns the answer for a path and the header Accept. Raises OSError."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family = found[0][0]
        super().__init__((host, port), partial(Handler, ask))

    def server_bind(self) -> None:
        """Bind the socket, without the look-up of a name that the base class makes."""
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; report any other error as the base class does."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    timeout = CLIENT_SECONDS
    server_version, sys_version = "airbook", ""

    def __init__(self, ask: Ask, *connected: Any) -> None:  # noqa: ANN401 -- of the base class
        self._ask = ask
        super().__init__(*connected)

    def do_GET(self) -> None:
        """Answer a request."""
        path = urlsplit(self.path).path
        answer = self._ask(path, self.headers.get("Accept", "")) or NOT_FOUND
        self._send(answer, {})

    do_HEAD = do_GET  # noqa: N815 -- the name that the base class looks for

    def refuse(self) -> None:
        """Refuse a method that would change something."""
        allowed = {"Allow": "GET, HEAD"}
        self._send(Answer(HTTPStatus.METHOD_NOT_ALLOWED, "application/json", b"{}"), allowed)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = refuse  # noqa: N815

    def _send(self, answer: Answer, headers: Mapping[str, str]) -> None:
        self.send_response(answer.code)
        own = {"Content-Type": answer.media_type, "Content-Length": str(len(answer.body))}
        for name, value in {**own, "Cache-Control": "no-store", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: probes come every few seconds."""


@contextmanager
def serving(host: str, port: int, ask: Ask) -> Generator[None]:
    """Answer requests for the duration of a block. Raises Mistyped for an unusable address."""
    try:
        server = Server(host, port, ask)
    except (socket.gaierror, UnicodeError):
        parsing.refuse(mark("{host} is no address of this machine."), host=host)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            parsing.refuse(mark("{host} is no address of this machine."), host=host)
        parsing.refuse(mark("Port {port} is in use, or needs more rights."), port=port)
    with server:
        thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
