"""Requests that are too large, too deep, too long or too slow: none of them is a 500."""

from __future__ import annotations

import socket
import sys
from contextlib import closing

from tests.gateway.server import SECONDS, Gateway

JSON = "Content-Type: application/json"
KIB = 1024


def raw(gateway: Gateway, sent: bytes) -> bytes:
    """Send bytes on a connection, and return all bytes until the gateway closes it."""
    with closing(socket.create_connection(("127.0.0.1", gateway.port), SECONDS)) as connection:
        connection.sendall(sent)
        received = b""
        try:
            while piece := connection.recv(65_536):
                received += piece
        except ConnectionResetError:
            pass
        return received


def padded(size: int) -> bytes:
    """Return a body of so many bytes that adds an airplane."""
    body = b'{"seatQty": 5, "padding": ""}'
    return body[:-2] + b"x" * (size - len(body)) + body[-2:]


def test_a_body_has_at_most_sixteen_kibibytes(gateway: Gateway):
    largest = gateway.post("/admins", padded(16 * KIB))
    larger = gateway.post("/admins", padded(16 * KIB + 1))
    assert (largest.status, larger.status) == (201, 413)
    assert larger.document["code"] == "content_too_large"
    assert larger.document["detail"] == "The body of a request has at most 16 KiB."
    chunk = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
    head = f"POST /admins HTTP/1.1\r\nHost: localhost\r\n{JSON}\r\nTransfer-Encoding: chunked\r\n"
    answer = raw(gateway, head.encode() + b"Connection: close\r\n\r\n" + chunk * 5 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert gateway.get("/admins").document["page"]["totalElements"] == 1


def test_only_the_head_counts_of_what_comes_in_one_piece(gateway: Gateway):
    head = f"POST /admins HTTP/1.1\r\nHost: localhost\r\n{JSON}\r\n"
    body = padded(60 * KIB)
    sent = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    assert first_line(gateway, sent).startswith(b"HTTP/1.1 413 ")
    get = b"GET /airplanes HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert first_line(gateway, get * KIB) == b"HTTP/1.1 200 OK\r\n"
    long = b"GET /admins HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 33 * KIB + b"\r\n\r\n"
    assert raw(gateway, long) == b""
    assert raw(gateway, b"GET /admins?" + b"x" * 33 * KIB + b" HTTP/1.1\r\n\r\n") == b""


def first_line(gateway: Gateway, sent: bytes) -> bytes:
    """Send bytes in one piece, and return the first line of the answer."""
    address = ("127.0.0.1", gateway.port)
    with (
        closing(socket.create_connection(address, SECONDS)) as connection,
        connection.makefile("rb") as answer,
    ):
        connection.sendall(sent)
        return answer.readline()


def test_a_body_that_is_deep_or_has_huge_numbers_is_refused(gateway: Gateway):
    deep = b"[" * 8_000 + b"]" * 8_000
    bodies = {
        b'{"seatQty": ' + deep + b"}": (422, "invalid_body"),
        deep: (422, "invalid_body"),
        b'{"seatQty": ' + b"9" * 10_000 + b"}": (422, "invalid_body"),
        b'{"seatQty": "' + b"9" * 10_000 + b'"}': (422, "invalid_value"),
        b'{"seatQty": 1e999}': (422, "invalid_body"),
        b'{"seatQty": 5.5}': (422, "invalid_body"),
        b'{"seatQty": true}': (422, "invalid_body"),
        b'{"seatQty": NaN}': (400, "invalid_json"),
        b'{"seatQty": "\\ud800"}': (400, "invalid_json"),
        b'{"seatQty": "5\\u0000"}': (422, "invalid_value"),
    }
    replies = {body: gateway.post("/admins", body) for body in bodies}
    found = {body: (one.status, one.document["code"]) for body, one in replies.items()}
    assert {body[:40]: one for body, one in found.items()} == {
        body[:40]: one for body, one in bodies.items()
    }
    assert max(len(one.body) for one in replies.values()) < KIB


def test_a_field_that_is_not_read_may_be_as_deep_as_python_reads(gateway: Gateway):
    """How deep that is differs: older Pythons count levels, 3.14 the bytes of the stack."""
    reply = gateway.post("/admins", b'{"seatQty": 5, "a": ' + b"[" * 8_000 + b"]" * 8_000 + b"}")
    if sys.version_info < (3, 12):
        assert (reply.status, reply.document["code"]) == (400, "invalid_json")
    assert reply.status in {201, 400}


def test_what_is_no_http_is_refused(gateway: Gateway):
    assert raw(gateway, b"hello\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    endless = b"GET /admins HTTP/1.1\r\n" + b"X-Long: " + b"x" * 64 * KIB
    assert raw(gateway, endless) == b""
    many = b"GET /admins HTTP/1.1\r\n" + b"X: y\r\n" * 20 * KIB
    assert raw(gateway, many) == b""
    assert gateway.get("/admins").status == 200


def test_a_client_that_is_too_slow_is_dropped_and_others_are_served(gateway: Gateway):
    address = ("127.0.0.1", gateway.port)
    head = f"POST /admins HTTP/1.1\r\nHost: localhost\r\n{JSON}\r\nContent-Length: 9\r\n\r\n"
    with (
        closing(socket.create_connection(address, SECONDS)) as silent,
        closing(socket.create_connection(address, SECONDS)) as half,
    ):
        half.sendall(head.encode() + b"{")
        assert gateway.get("/admins").status == 200
        assert [ended(silent), ended(half)] == [True, True]
    assert gateway.get("/admins").document["page"]["totalElements"] == 0


def ended(connection: socket.socket) -> bool:
    """Wait until the gateway ends a connection without an answer."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_every_answer_carries_the_headers_that_keep_browsers_safe(gateway: Gateway):
    safe = {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    replies = [gateway.get(path) for path in ("/admins", "/admins/9", "/nowhere")]
    replies.append(gateway.request("PUT", "/admins"))
    assert [{name: one.header(name) for name in safe} for one in replies] == [safe] * 4
    crossing = gateway.get("/admins", origin="https://elsewhere.example")
    assert crossing.header("access-control-allow-origin") is None
    assert all(one.header("server") is None for one in replies)
