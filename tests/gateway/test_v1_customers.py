"""A customer sees, cancels and hears only their own reservations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.gateway.identity import Connection, Identification, Identity
from airbook.gateway.problems import HANDLERS
from airbook.gateway.rate_limit import RateLimit
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.v1.event_feed import EventFeed, FeedEvent
from airbook.gateway.v1.event_stream import Wanted
from airbook.gateway.v1.idempotency import RunningKeys
from airbook.gateway.v1.routes import create_router

PATH = "/api/v1"
KIM = Identity("kim's token", "customer", "kim")


async def identify_kim(_: Connection) -> Identity:
    return KIM


@pytest.fixture
def client(store: Store) -> Iterator[TestClient[Litestar]]:
    """Serve an airplane and two reservations to the customer kim, who has the first one."""
    with Airbook(store, actor=lambda: "staff") as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute(Reserve(1, "kim"))
        airbook.execute(Reserve(1, "lee"))
    access = StoreAccess(lambda: Airbook(store))

    @asynccontextmanager
    async def opened(_: Litestar) -> AsyncGenerator[None]:
        access.start()
        try:
            yield
        finally:
            access.close()

    app = Litestar(
        [create_router()],
        exception_handlers=HANDLERS,
        lifespan=[opened],
        middleware=[Identification],
        openapi_config=None,
        state=State(
            {
                "access": access,
                "identify": identify_kim,
                "feed": EventFeed(),
                "running_keys": RunningKeys(),
                "limit": RateLimit(0),
            }
        ),
    )
    with TestClient(app) as client:
        yield client


def test_a_customer_sees_their_own_reservations(client: TestClient[Litestar]):
    def numbers(query: str = "") -> list[int]:
        return [one["id"] for one in client.get(f"{PATH}/reservations{query}").json()]

    assert (numbers(), numbers("?customer=kim"), numbers("?customer=lee")) == ([1], [1], [])
    for path in ("", "/history", "/why"):
        assert client.get(f"{PATH}/reservations/1{path}").status_code == 200
        hidden = client.get(f"{PATH}/reservations/2{path}")
        missing = client.get(f"{PATH}/reservations/9{path}")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.json()["detail"] == "There is no reservation 2."
    assert client.get(f"{PATH}/airplanes").json()[0]["pending"] == 2
    streams = {one["stream"] for one in client.get(f"{PATH}/events").json()}
    assert streams == {"reservation-1"}
    assert client.get(f"{PATH}/events?stream=reservation-2").json() == []


def test_a_customer_reserves_and_cancels_for_themselves(client: TestClient[Litestar]):
    made = client.post(f"{PATH}/reservations", json={"airplane": 1})
    assert (made.status_code, made.json()["customer"]) == (201, "kim")
    other = client.post(f"{PATH}/reservations", json={"airplane": 1, "customer": "lee"})
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    assert client.delete(f"{PATH}/reservations/2").status_code == 404
    assert client.delete(f"{PATH}/reservations/1").json()["status"] == "cancelled"
    events = client.get(f"{PATH}/events?type=ReservationCancelled").json()
    assert [(one["stream"], one["by"]) for one in events] == [("reservation-1", "kim's token")]


def test_a_customer_may_not_change_airplanes_or_see_the_store(client: TestClient[Litestar]):
    refused = [
        client.post(f"{PATH}/airplanes", json={"seats": 1}),
        client.patch(f"{PATH}/airplanes/1", json={"seats": 1}),
        client.get(f"{PATH}/status"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "forbidden")] * 3


def test_a_stream_of_a_customer_has_the_events_of_their_reservations(store: Store):
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        for customer in ("kim", "lee", "kim"):
            airbook.execute(Reserve(1, customer))

    async def read() -> list[FeedEvent]:
        access = StoreAccess(lambda: Airbook(store))
        access.start()
        try:
            return [*await EventFeed().after(access, 0)]
        finally:
            access.close()

    heard = [one.stream for one in asyncio.run(read()) if Wanted(customer="kim").includes(one)]
    assert heard == ["reservation-1", "reservation-3"]
