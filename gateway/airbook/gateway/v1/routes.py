"""The routes of the dialect, below one path."""

from __future__ import annotations

from litestar import Router

from airbook.gateway.v1.airplanes import add_airplane, airplane, airplanes, change_airplane
from airbook.gateway.v1.answers import PATH
from airbook.gateway.v1.events import events
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
    """Return the routes of one application, because a router belongs to one."""
    return Router(PATH, route_handlers=[*options_of(ROUTES), *ROUTES], before_request=check_request)
