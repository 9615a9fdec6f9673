"""Who may enter: without tokens this machine alone, with tokens whoever has one."""

from __future__ import annotations

import http.client
import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home
from tests.support.waiting import until

WRONG = "airbook_1f0c22ab_" + "s" * 22


EVERYWHERE = ("--host", "0.0.0.0")  # noqa: S104 -- what an operator does


@pytest.fixture
def company(empty: Home) -> Home:
    """Return a home with an airplane of five seats, and a reservation of kim and one of lee."""
    empty("admin", "add-plane", "--seats", "5")
    for customer in ("kim", "lee"):
        empty("reserve", "1", "--customer", customer)
    return empty


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def create(home: Home, *words: str) -> str:
    """Create a token; returns its text."""
    token: str = home.json("token", "create", *words)["token"]
    return token


def code_of(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.document["code"]


def test_a_store_without_tokens_is_open_to_this_machine(gateway: Gateway):
    assert gateway.get("/airplanes").status == 200
    rebound = gateway.get("/airplanes", host="evil.example")
    assert code_of(rebound) == (401, "unauthorized")
    assert rebound.header("www-authenticate") == 'Bearer realm="airbook"'
    assert code_of(gateway.get("/airplanes", **bearer(WRONG))) == (401, "unauthorized")


def test_other_machines_need_tokens(empty: Home):
    answer = empty("serve", *EVERYWHERE)
    assert (answer.code, answer.out, answer.err.splitlines()) == (
        2,
        "",
        [
            "Without tokens, the gateway serves this machine alone, and not 0.0.0.0.",
            "hint: airbook token create --help",
        ],
    )
    token = create(empty, "ops", "--role", "admin")
    with serving(empty, *EVERYWHERE) as gateway:
        assert code_of(gateway.get("/airplanes")) == (401, "unauthorized")
        assert gateway.get("/airplanes", **bearer(token)).status == 200


def test_a_gateway_without_tokens_says_to_whom_it_is_open(empty: Home):
    with serving(empty, "--without-tokens") as gateway:
        assert gateway.get("/airplanes", host="evil.example").status == 200
        answer = gateway.process.stop()
    assert json.loads(answer.err.splitlines()[0])["admitted"] == "everybody"


def test_the_first_token_closes_the_gateway_while_it_runs(either: Home):
    either("admin", "add-plane", "--seats", "5")
    with serving(either) as gateway:
        assert gateway.get("/airplanes").status == 200
        token = create(either, "ops", "--role", "admin")
        until(lambda: gateway.get("/airplanes").status == 401, "the gateway to ask for a token")
        assert gateway.get("/airplanes", **bearer(token)).status == 200
        either.json("token", "revoke", token)
        until(
            lambda: gateway.get("/airplanes", **bearer(token)).status == 401,
            "the revoked token to be refused",
        )


def test_a_token_ends_with_its_time(empty: Home):
    token = create(empty, "ops", "--role", "admin", "--expires", "1s")
    with serving(empty) as gateway:
        until(
            lambda: gateway.get("/airplanes", **bearer(token)).status == 401,
            "the token to expire",
        )


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Basic a2ltOmtpbQ==", f"Bearer {WRONG}", "Bearer \u00e9"]
)
def test_what_is_no_token_does_not_count_as_none(gateway: Gateway, authorization: str):
    reply = gateway.request("GET", "/airplanes", headers={"Authorization": authorization})
    assert code_of(reply) == (401, "unauthorized")


def test_a_cookie_changes_nothing_from_a_page_of_another_site(empty: Home):
    cookie = f"airbook_token={create(empty, 'ops', '--role', 'admin')}"
    with serving(empty) as gateway:
        assert gateway.get("/airplanes", cookie=cookie).status == 200
        for headers in ({}, {"origin": "http://evil.example"}, {"sec_fetch_site": "cross-site"}):
            reply = gateway.post("/admins", {"seatQty": 5}, cookie=cookie, **headers)
            assert code_of(reply) == (403, "forbidden")
    assert empty.json("planes") == []


def test_too_many_requests_are_told_when_to_come_again(empty: Home):
    with serving(empty, "--rate-limit", "1") as gateway:
        replies = [gateway.get("/airplanes") for _ in range(20)]
        refused = [reply for reply in replies if reply.status == 429]
        assert {code_of(reply) for reply in refused} == {(429, "too_many_requests")}
        assert {reply.header("retry-after") for reply in refused} == {"1"}
        assert {reply.status for reply in replies} == {200, 429}


def test_tokens_that_are_removed_do_not_open_the_gateway_again(empty: Home):
    create(empty, "ops", "--role", "admin")
    with serving(empty) as gateway:
        assert gateway.get("/airplanes").status == 401
        empty.store.with_name("airbook.tokens.db").unlink()
        time.sleep(1.5)  # what was read of the tokens counts for a second
        assert gateway.get("/airplanes").status == 401


def test_two_customers_never_share_an_answer(company: Home):
    kim, lee = (bearer(create(company, one, "--role", "customer")) for one in ("kim", "lee"))
    with serving(company) as gateway:
        lists = [gateway.get("/api/v1/reservations", **one) for one in (kim, lee)]
        assert [[one["customer"] for one in found.document] for found in lists] == [
            ["kim"],
            ["lee"],
        ]
        tag = lists[0].header("etag") or ""
        assert gateway.get("/api/v1/reservations", if_none_match=tag, **kim).status == 304
        assert gateway.get("/api/v1/reservations", if_none_match=tag, **lee).status == 200


def test_two_senders_never_share_a_key(company: Home):
    first, second = (
        bearer(create(company, name, "--role", "admin")) for name in ("desk", "desk a")
    )
    body = {"airplane": 1, "customer": "kim"}
    with serving(company) as gateway:
        made = [
            gateway.post("/api/v1/reservations", body, idempotency_key=key, **sender)
            for sender, key in ((first, '"a 1"'), (second, '"1"'), (first, '"a 1"'))
        ]
    assert [(one.status, one.document["id"]) for one in made] == [(201, 3), (201, 4), (201, 3)]


def test_a_stream_ends_with_its_token(company: Home):
    token = create(company, "desk", "--role", "reader")
    with serving(company) as gateway:
        headers = {"Accept": "text/event-stream", **bearer(token)}
        with closing(http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)) as asking:
            asking.request("GET", "/api/v1/events?after=0", headers=headers)
            stream = asking.getresponse()
            assert stream.readline().startswith(b"id: 0")
            company("token", "revoke", token)
            time.sleep(1.5)
            company("reserve", "1", "--customer", "secret")
            assert b"ended" in stream.read()


def test_what_is_not_acceptable_is_not_stored(company: Home):
    with serving(company) as gateway:
        for path, body in (("/reservations", {"airPlaneId": 1}), ("/admins", {"seatQty": 1})):
            assert gateway.post(path, body, accept="text/html").status == 406
    assert (len(company.json("planes")), len(company.json("my-page", "--all"))) == (1, 2)


def test_a_gateway_that_stops_answers_with_what_is_stored(company: Home):
    with serving(company) as gateway, ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(
            gateway.post,
            "/api/v1/reservations",
            {"airplane": 1, "customer": "kim"},
            prefer="wait=30",
        )
        until(lambda: len(company.json("my-page", "--all")) == 3, "the request to be stored")
        gateway.process.send_signal(signal.SIGTERM)
        reply = waiting.result(60)
        assert (reply.status, reply.document["status"]) == (201, "received")
