"""Commands through airbook's own dialect: by their answers, conditions and preferences."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home

PLANES, RESERVATIONS = "/api/v1/airplanes", "/api/v1/reservations"
JSON = {"Content-Type": "application/json"}


def patch(gateway: Gateway, path: str, body: object, **headers: str) -> Reply:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return gateway.request("PATCH", path, body, sent)


def delete(gateway: Gateway, path: str, **headers: str) -> Reply:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return gateway.request("DELETE", path, headers=sent)


def airplane(**changed: object) -> dict[str, object]:
    seats = {"seats": 2, "taken": 0, "pending": 0, "left": 2}
    return {"id": 1, "name": "KE 907", **seats, "status": "open", **changed}


def of(document: dict[str, Any], *names: str) -> list[Any]:
    return [document[name] for name in names]


def test_two_seats_and_three_customers(either: Home):
    with serving(either) as gateway, either.daemon():
        made = gateway.post(PLANES, {"seats": 2, "name": "KE 907"})
        assert (made.status, made.header("location")) == (201, f"{PLANES}/1")
        assert made.document == airplane()
        statuses = list[Any]()
        for customer in ("kim", "lee", "park"):
            body = {"airplane": 1, "customer": customer}
            reply = gateway.post(RESERVATIONS, body, prefer="wait=30")
            assert reply.header("preference-applied") == "wait=30"
            assert reply.status == 201
            assert gateway.get(reply.header("location") or "").document == reply.document
            statuses.append(of(reply.document, "id", "customer", "status", "seat", "reason"))
        assert statuses == [
            [1, "kim", "approved", 1, None],
            [2, "lee", "approved", 2, None],
            [3, "park", "rejected", None, "no_seats_left"],
        ]
        cancelled = delete(gateway, f"{RESERVATIONS}/1", prefer="wait=30")
        assert (cancelled.status, cancelled.document["status"]) == (200, "cancelled")
        assert gateway.get(f"{PLANES}/1").document == airplane(taken=1, left=1)
        again = delete(gateway, f"{RESERVATIONS}/1")
        assert (again.status, again.document["code"]) == (409, "already_cancelled")
    by = [one["by"] for one in either.json("events")]
    assert by == ["me", *["me", "daemon", "daemon"] * 2, "me", "daemon", "me", "daemon"]


def test_a_request_is_accepted_at_once_and_waited_for_later(home: Home, gateway: Gateway):
    gateway.post(PLANES, {"seats": 1})
    reply = gateway.post(RESERVATIONS, {"airplane": 1})
    assert (reply.status, reply.header("preference-applied")) == (201, None)
    assert of(reply.document, "customer", "status") == ["me", "received"]
    assert reply.document == gateway.get(f"{RESERVATIONS}/1").document
    in_vain = gateway.get(f"{RESERVATIONS}/1", prefer="wait=1")
    assert (in_vain.status, in_vain.document) == (200, reply.document)
    with home.daemon():
        decided = gateway.get(f"{RESERVATIONS}/1", prefer="respond-async, wait=30")
    assert of(decided.document, "status", "seat") == ["approved", 1]


def test_an_airplane_is_changed_as_a_whole_or_not_at_all(gateway: Gateway):
    gateway.post(PLANES, {"seats": 2, "name": "KE 907"})
    reply = patch(gateway, f"{PLANES}/1", {"seats": 3, "open": False})
    assert (reply.status, reply.header("etag")) == (200, '"3.0"')
    assert reply.document == airplane(seats=3, left=3, status="closed")
    merged = {"Content-Type": "application/merge-patch+json"}
    reply = gateway.request("PATCH", f"{PLANES}/1", {"open": True}, merged)
    assert reply.document == airplane(seats=3, left=3)
    refused = {
        status: patch(gateway, f"{PLANES}/{number}", body).document["code"]
        for number, body, status in (
            (1, {"seats": 1001, "open": False}, 422),
            (1, {}, "empty"),
            (2, {"seats": 5}, 404),
        )
    }
    assert refused == {422: "invalid_body", "empty": "invalid_value", 404: "no_such_airplane"}
    assert gateway.get(f"{PLANES}/1").document == airplane(seats=3, left=3)


def test_a_reader_gets_only_what_is_new(gateway: Gateway):
    gateway.post(PLANES, {"seats": 2, "name": "KE 907"})
    tags = [gateway.get(path).header("etag") or "" for path in (PLANES, f"{PLANES}/1")]
    assert tags == ['W/"1"', '"1.0"']
    for path, tag in zip((PLANES, f"{PLANES}/1"), tags, strict=True):
        for known in (tag, f'"x", {tag}', "*", f"W/{tag.removeprefix('W/')}"):
            reply = gateway.get(path, if_none_match=known)
            assert (reply.status, reply.header("etag"), reply.body) == (304, tag, b"")
    gateway.post(RESERVATIONS, {"airplane": 1})
    pending = gateway.get(f"{PLANES}/1", if_none_match=tags[1])
    assert (pending.status, pending.header("etag")) == (200, '"1.1"')
    assert pending.document == airplane(pending=1)


def test_a_command_is_refused_if_something_has_changed(either: Home):
    with serving(either) as gateway:
        first = gateway.post(PLANES, {"seats": 2, "name": "KE 907"}).header("etag") or ""
        assert patch(gateway, f"{PLANES}/1", {"seats": 3}, if_match=first).status == 200
        late = patch(gateway, f"{PLANES}/1", {"seats": 4}, if_match=first)
        assert (late.status, late.document) == (
            412,
            {
                "type": "urn:airbook:problem:version_changed",
                "title": "Precondition failed",
                "status": 412,
                "detail": "This has changed since it was read: its version is 2 now.",
                "instance": f"{PLANES}/1",
                "code": "version_changed",
            },
        )
        for never in ('W/"2.0"', '"other"', ""):
            assert patch(gateway, f"{PLANES}/1", {"seats": 4}, if_match=never).status == 412
        assert gateway.get(f"{PLANES}/1").document == airplane(seats=3, left=3)
        for holds in (f'{first}, "2.0"', "*"):
            assert patch(gateway, f"{PLANES}/1", {"seats": 4}, if_match=holds).status == 200
        tag = gateway.post(RESERVATIONS, {"airplane": 1}).header("etag") or ""
        assert delete(gateway, f"{RESERVATIONS}/1", if_match='"2"').status == 412
        assert delete(gateway, f"{RESERVATIONS}/1", if_match=tag).status == 200
        assert delete(gateway, f"{RESERVATIONS}/9", if_match=tag).status == 404


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b'{"airplane":1', 400, "The body is not valid JSON."),
        (
            *(b'{"airplane":' * 1_000, 422),
            "The body does not fit: Expected `int`, got `object` - at `$.airplane`",
        ),
        (b'{"airplane":NaN}', 400, "The body is not valid JSON."),
        (b'{"airplane":1}{}', 400, "The body is not valid JSON."),
        (b'\xff"', 400, "The body is not valid JSON."),
        (b"", 400, "The body is not valid JSON."),
        (b'{"airplane":1,"airplane":2}', 422, "'airplane' appears more than once."),
        (
            *(b'{"airplane":"1"}', 422),
            "The body does not fit: Expected `int`, got `str` - at `$.airplane`",
        ),
        (
            *(b'{"airplane":1,"plane":1}', 422),
            "The body does not fit: Object contains unknown field `plane`",
        ),
        (
            *(b'{"airplane":1,"customer":"a\\u001bb"}', 422),
            "'a\\u001bb' has characters that cannot be shown.",
        ),
        (
            *(b'{"airplane":1,"customer":"daemon\\u202e"}', 422),
            "'daemon\\u202e' has characters that cannot be shown.",
        ),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_problem(
    shared: Gateway, body: bytes, status: int, detail: str
):
    reply = shared.request("POST", RESERVATIONS, body, JSON)
    assert (reply.status, reply.document["detail"]) == (status, detail)


def test_a_body_is_json(shared: Gateway):
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
        reply = shared.request("POST", PLANES, {"seats": 1}, {"Content-Type": media_type})
        assert (reply.status, reply.document["code"]) == (415, "unsupported_media_type")
    assert shared.get(PLANES).document == []
