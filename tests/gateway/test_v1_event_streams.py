"""Streams of events: live, resumed, filtered, and ended when the gateway stops."""

from __future__ import annotations

import asyncio
import signal
from contextlib import ExitStack

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.v1.event_feed import RECENT, EventFeed
from airbook.gateway.v1.event_stream import EventStream, Wanted
from tests.gateway.server import Gateway, serving
from tests.gateway.streams import EVENTS, Message, reading
from tests.support.home import Home

PLANES, RESERVATIONS = "/api/v1/airplanes", "/api/v1/reservations"


def stored(gateway: Gateway) -> list[object]:
    found: list[object] = gateway.get(f"{EVENTS}?limit=1000").document
    return found


def test_a_reader_hears_what_is_committed_by_whomever(either: Home):
    either("admin", "add-plane", "--seats", "5")
    with serving(either) as gateway, reading(gateway) as reader:
        assert reader.next() == Message(id="1")
        gateway.post(RESERVATIONS, {"airplane": 1, "customer": "kim"})
        either("reserve", "1", "--customer", "lee")
        with either.daemon():
            heard = reader.events(6)
        assert heard == stored(gateway)[1:]


def test_a_reader_resumes_where_the_last_stream_ended(either: Home):
    with serving(either) as gateway:
        gateway.post(PLANES, {"seats": 5})
        with reading(gateway, "?after=0") as reader:
            heard = reader.events(1)
            last_id = reader.last_id
        gateway.post(RESERVATIONS, {"airplane": 1})
    either("reserve", "1")
    with serving(either) as gateway:
        with reading(gateway, "?after=0", last_id) as reader:
            gateway.post(RESERVATIONS, {"airplane": 1})
            heard += reader.events(3)
        assert heard == stored(gateway)


def test_a_reader_chooses_streams_and_types(gateway: Gateway):
    query = "?after=0&stream=airplane-1&stream=reservation-2&type=AirplaneClosed"
    with reading(gateway, f"{query}&type=ReservationRequested") as reader, ExitStack() as others:
        all_of = others.enter_context(reading(gateway, "?after=0"))
        gateway.post(PLANES, {"seats": 5})
        for _ in range(3):
            gateway.post(RESERVATIONS, {"airplane": 1})
        gateway.request("PATCH", f"{PLANES}/1", {"open": False})
        events = stored(gateway)
        assert all_of.events(5) == events
        assert reader.events(2) == [events[2], events[4]]


def test_many_readers_hear_the_same_from_wherever_they_begin(gateway: Gateway):
    with ExitStack() as stack:
        readers = [stack.enter_context(reading(gateway, "?after=0")) for _ in range(20)]
        for number in range(1, 31):
            gateway.post(PLANES, {"seats": number})
            if number % 10 == 0:
                query = f"?after={number}"
                readers.append(stack.enter_context(reading(gateway, query)))
        everything = stored(gateway)
        heard = [reader.events(30) for reader in readers[:20]]
        assert heard == [everything] * 20
        assert readers[20].events(20) == everything[10:]
        assert readers[21].events(10) == everything[20:]


def test_a_reader_that_falls_behind_the_memory_reads_the_log(store: Store):
    with Airbook(store) as airbook:
        airbook.create_if_missing()
        made = RECENT + 700
        for number in range(made):
            airbook.execute(CreateAirplane(1 + number % 1_000))
    asyncio.run(read_with_another_far_ahead(store, made))


async def read_with_another_far_ahead(store: Store, made: int) -> None:
    access, feed = StoreAccess(lambda: Airbook(store)), EventFeed()
    access.start()
    try:
        positions = dict[str, list[int]]()
        for name, begin in (("ahead", 600), ("behind", 0), ("between", 1_000)):
            position, positions[name] = begin, []
            while found := await feed.after(access, position):
                positions[name] += [one.position for one in found]
                position = found[-1].position
        assert positions == {
            "ahead": [*range(601, made + 1)],
            "behind": [*range(1, made + 1)],
            "between": [*range(1_001, made + 1)],
        }
    finally:
        access.close()


def test_a_silent_stream_has_heartbeats_that_move_its_reader(store: Store):
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))

        async def beginning() -> list[bytes]:
            access = StoreAccess(lambda: Airbook(store))
            access.start()
            wanted = Wanted(streams={"reservation-1"})
            stream = EventStream(access, EventFeed(), wanted, 0, heartbeat=0.01)
            messages = stream.messages()
            try:
                first = [await anext(messages) for _ in range(3)]
                access.announce_stop()
                rest = [one async for one in messages]
                return [*first, rest[-1]]
            finally:
                access.close()

        assert asyncio.run(beginning()) == [
            b"id: 0\n\n",
            b": heartbeat\nid: 1\n\n",
            b": heartbeat\nid: 1\n\n",
            b": ended\nretry: 1000\n\n",
        ]


def test_a_stream_ends_with_a_hint_when_the_gateway_stops(home: Home):
    with serving(home) as gateway, reading(gateway) as reader:
        assert reader.next() == Message(id="0")
        gateway.process.send_signal(signal.SIGTERM)
        assert reader.next() == Message(comment="ended", retry="1000")
        assert reader.response.readline() == b""
        assert gateway.process.end().code == 0


def test_a_position_of_another_log_is_refused(gateway: Gateway):
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "7"}
    reply = gateway.request("GET", EVENTS, headers=headers)
    assert (reply.status, reply.document["code"]) == (404, "no_such_position")
    reply = gateway.request("GET", EVENTS, headers={**headers, "Last-Event-ID": "x"})
    assert (reply.status, reply.document["code"]) == (422, "invalid_value")
    head = gateway.request("HEAD", EVENTS, headers={"Accept": "text/event-stream"})
    assert (head.status, head.body) == (200, b"")
