"""The routes of the dialect, below one path."""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from airbook.gateway.v1.airplanes import add_airplane, airplane, airplanes, change_airplane
from airbook.gateway.v1.answers import PATH
from airbook.gateway.v1.event_feed import EventFeed
from airbook.gateway.v1.events import events
from airbook.gateway.v1.idempotency import RunningKeys
from airbook.gateway.v1.options import options_of
from airbook.gateway.v1.requests import check_request
from airbook.gateway.v1.reservations import history, reservation, reservations, why
from airbook.gateway.v1.reserving import cancel, reserve
from airbook.gateway.v1.status import status

ROUTES = (
    *(airplanes, airplane, add_airplane, change_airplane),
    *(reservations, reservation, history, why, reserve, cancel),
    *(events, status),
)


def create_router() -> Router:
    """Return the routes of one application, with what its requests share."""
    shared_keys, shared_feed = RunningKeys(), EventFeed()

    def keys() -> RunningKeys:
        return shared_keys

    def feed() -> EventFeed:
        return shared_feed

    return Router(
        PATH,
        route_handlers=[*options_of(ROUTES), *ROUTES],
        before_request=check_request,
        dependencies={
            "keys": Provide(keys, sync_to_thread=False),
            "feed": Provide(feed, sync_to_thread=False),
        },
    )
