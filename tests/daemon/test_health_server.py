"""The small HTTP server of the daemon: what it answers, and what does not block it."""

from __future__ import annotations

import json
import socket
from collections.abc import Generator

import pytest

from airbook.application.observability.health import Answer
from airbook.daemon.health_server import serving
from tests.support.ports import reserved_port
from tests.support.probing import probe

FOUND = Answer(503, "application/json", b'{"status":"DOWN"}')


@pytest.fixture
def port() -> Generator[int]:
    """Serve one path, and return the port."""

    def ask(path: str, accept: str) -> Answer | None:
        found = Answer(200, "text/plain", accept.encode())
        return {"/health": FOUND, "/accept": found}.get(path)

    with reserved_port() as number, serving("127.0.0.1", number, ask):
        yield number


def asked(
    port: int, path: str, method: str = "GET", accept: str = "*/*"
) -> tuple[int, str, str, str]:
    answer = probe(port, path, method, Accept=accept)
    assert answer is not None
    media_type, allowed = (answer.headers.get(name, "") for name in ("content-type", "allow"))
    return answer.code, media_type, allowed, answer.body


def test_an_answer_is_given_as_it_is(port: int) -> None:
    assert asked(port, "/health?x=1") == (503, "application/json", "", '{"status":"DOWN"}')
    assert asked(port, "/accept", accept="a/b") == (200, "text/plain", "", "a/b")
    assert asked(port, "/health", "HEAD") == (503, "application/json", "", "")


def test_another_path_and_another_method_are_refused(port: int) -> None:
    code, media_type, _, body = asked(port, "/")
    assert (code, media_type, json.loads(body)) == (
        404,
        "application/json",
        {"status": 404, "error": "Not Found"},
    )
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert asked(port, "/health", method) == (405, "application/json", "GET, HEAD", "{}")


def test_clients_that_say_nothing_block_no_other(port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    try:
        silent[0].sendall(b"GET /health HTTP/1.1\r\nHos")
        assert asked(port, "/health")[0] == 503
    finally:
        for one in silent:
            one.close()
