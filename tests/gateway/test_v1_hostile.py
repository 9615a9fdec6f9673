"""Hostile input over HTTP: an answer below 500, nothing stored, and the gateway goes on."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.gateway.server import Gateway

PLANES, RESERVATIONS = "/api/v1/airplanes", "/api/v1/reservations"
SENT = {"Content-Type": "application/json"}
# Names that no terminal, page or log may show as they are.
UNSEEN = ("\x1b[31m", "\x1b]0;x\x07", "\x9b31m", "\u202ekim", "\0", "\ud800", "kim\nlee", "\u200b")
NUMBERS = ("-1", "0", str(2**63), "9" * 5_000, "1_0", "１２", "+5", "1e3", "NaN", "0x1", " 1", "")
BODIES = (
    b"[" * 8_000,
    b'{"a":' * 3_000,
    b'{"airplane":1' + b" " * 20_000 + b"}",
    b'{"airplane":' + b"9" * 5_000 + b"}",
    b'{"airplane":9223372036854775808}',
    b'{"airplane":1e3}',
    b'{"airplane":1.5}',
    b'{"airplane":NaN}',
    b'{"airplane":Infinity}',
    b'{"airplane":true}',
    b'{"airplane":null}',
    b'{"airplane":1,"airplane":1}',
    b'{"airplane":1,"customer":"\\ud800"}',
    b'{"airplane":1,"customer":"' + b"a" * 81 + b'"}',
    b'{"airplane":1,"customer":" "}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe",
    b"null",
    b"\0",
)


def stored(gateway: Gateway) -> list[object]:
    found: list[object] = gateway.get("/api/v1/events").document
    return found


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_hostile_body_is_refused(shared: Gateway, number: int):
    reply = shared.request("POST", RESERVATIONS, BODIES[number], SENT)
    assert reply.status in {400, 413, 422}
    assert reply.header("content-type") == "application/problem+json"
    assert stored(shared) == []


def test_a_name_that_cannot_be_shown_is_refused(shared: Gateway):
    for name in UNSEEN:
        body = json.dumps({"airplane": 1, "customer": name}).encode()
        reply = shared.request("POST", RESERVATIONS, body, SENT)
        assert reply.status in {400, 422}, name
        body = json.dumps({"seats": 1, "name": name}).encode()
        assert shared.request("POST", PLANES, body, SENT).status in {400, 422}, name
        # Bytes that are no UTF-8 are replaced by a character that no name has.
        query = quote(name, errors="surrogatepass")
        reply = shared.get(f"{RESERVATIONS}?customer={query}")
        expected = (200, b"[]") if name == "\ud800" else (422, reply.body)
        assert (reply.status, reply.body) == expected, name
    assert stored(shared) == []


def test_a_number_is_one_to_nine_digits(shared: Gateway):
    for word in NUMBERS:
        query = quote(word)
        for path in (
            f"{RESERVATIONS}?airplane={query}",
            f"{RESERVATIONS}?limit={query}",
            *([f"{PLANES}/{query}", f"{RESERVATIONS}/{query}/why"] if word else []),
        ):
            reply = shared.get(path)
            assert (reply.status, reply.document["code"]) == (422, "invalid_value"), path


def test_markup_is_only_text(gateway: Gateway):
    for name in ("[/]", "[@click=app.quit]x[/]", "<script>alert(1)</script>", "'; DROP TABLE x"):
        reply = gateway.post(RESERVATIONS, {"airplane": 1, "customer": name})
        assert (reply.status, reply.document["customer"]) == (201, name)
        found = gateway.get(f"{RESERVATIONS}?customer={quote(name)}").document
        assert [one["customer"] for one in found] == [name]
