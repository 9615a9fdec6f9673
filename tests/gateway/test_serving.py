"""The process of the gateway: it serves, it stops, and it says what is wrong."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing

from tests.gateway.server import Gateway, serving
from tests.support.home import Home


def test_a_gateway_serves_what_the_command_line_stored(either: Home):
    either("admin", "add-plane", "--seats", "5")
    with serving(either) as gateway:
        reply = gateway.get("/airplanes")
        assert (reply.status, reply.header("content-type")) == (200, "application/hal+json")
        assert reply.document["_embedded"] == {
            "airplanes": [
                {
                    "reservId": None,
                    "reservStatus": None,
                    "seatQty": 5,
                    "_links": {
                        "self": {"href": f"{gateway.base}/airplanes/1"},
                        "airplane": {"href": f"{gateway.base}/airplanes/1"},
                    },
                }
            ]
        }


def test_a_gateway_stops_when_it_is_asked_to(home: Home):
    for number in (signal.SIGTERM, signal.SIGINT):
        with serving(home) as gateway:
            gateway.process.send_signal(number)
            answer = gateway.process.end()
        lines = [json.loads(line) for line in answer.err.splitlines()]
        events = [
            {name: value for name, value in line.items() if name not in {"timestamp", "pid"}}
            for line in lines
        ]
        assert (answer.code, answer.out, events) == (
            0,
            "",
            [
                {
                    "event": "serving",
                    "level": "info",
                    "address": gateway.base,
                    "store": f"sqlite:///{home.store}",
                    "admitted": "this_machine",
                },
                {"event": "stopped", "level": "info"},
            ],
        )


def test_a_port_that_is_taken_is_named(home: Home, gateway: Gateway):
    answer = home("serve", "--port", str(gateway.port))
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        f"Port {gateway.port} is in use, or needs more rights.\nhint: airbook serve --help\n",
    )


def test_an_address_of_another_machine_is_no_gateway(home: Home):
    for host in ("192.0.2.1", "no host"):
        answer = home("serve", "--without-tokens", "--host", host)
        assert (answer.code, answer.err) == (
            2,
            f"'{host}' is no address of this machine.\nhint: airbook serve --help\n",
        )


def test_a_store_that_cannot_be_opened_is_no_gateway(home: Home):
    home.path.mkdir()
    with closing(sqlite3.connect(home.store)) as other:
        other.execute("CREATE TABLE recipes (name)")
    answer = home("serve", "--port", "1024")
    assert (answer.code, answer.out, answer.err) == (
        1,
        "",
        f"The file {home.store} is not an airbook store.\nhint: airbook config show\n",
    )


def test_problems_are_documents_in_the_language_of_the_request(gateway: Gateway):
    english = gateway.get("/nowhere")
    assert (english.status, english.header("content-type")) == (404, "application/problem+json")
    assert english.document == {
        "type": "urn:airbook:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "instance": "/nowhere",
        "code": "not_found",
    }
    korean = gateway.get("/nowhere", accept_language="fr, ko-KR;q=0.8, en;q=0.2")
    assert korean.header("content-language") == "ko"
    assert korean.document == {
        **english.document,
        "title": "찾을 수 없음",
        "detail": "이 주소에는 아무것도 없습니다.",
    }


def test_an_answer_holds_every_event_that_other_processes_have_stored(either: Home):
    either("admin", "add-plane", "--seats", "5")
    with serving(either) as gateway:
        seats = list[int]()
        for wanted in (6, 7, 8):
            assert either("admin", "set-seats", "1", str(wanted)).code == 0
            seats += [gateway.get("/airplanes/1").document["seatQty"] for _ in range(3)]
    assert seats == [6, 6, 6, 7, 7, 7, 8, 8, 8]
