"""Which role may use which route: a row for each method and address of the gateway."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from airbook.application.airbook import Airbook
from airbook.application.observability.observer import observers
from airbook.application.stores.sqlite import SQLiteStore
from airbook.gateway.app import create_app
from airbook.gateway.rate_limit import RateLimit
from airbook.gateway.store_access import StoreAccess
from tests.gateway.server import Gateway, serving
from tests.support.home import Home

ROLES = ("admin", "customer", "reader", "metrics", None)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# The statuses for ROLES, in the order in which the rows are sent, the last role first; None stands
# for a request without a token. Reservation 1 is the customer's own, reservation 2 is another's,
# and both are cancelled on the way. No daemon runs, so that the health is DOWN.
EXPECTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/"): (200, 200, 200, 403, 200),
    ("GET", "/actuator/health"): (503, 503, 503, 503, 503),
    ("GET", "/actuator/health/liveness"): (200, 200, 200, 200, 200),
    ("GET", "/admins"): (200, 200, 200, 403, 401),
    ("POST", "/admins"): (201, 403, 403, 403, 401),
    ("GET", "/admins/1"): (200, 200, 200, 403, 401),
    ("GET", "/airplanes"): (200, 200, 200, 403, 401),
    ("GET", "/airplanes/1"): (200, 200, 200, 403, 401),
    ("PATCH", "/airplanes/1"): (200, 403, 403, 403, 401),
    ("GET", "/api/v1/airplanes"): (200, 200, 200, 403, 401),
    ("POST", "/api/v1/airplanes"): (201, 403, 403, 403, 401),
    ("GET", "/api/v1/airplanes/1"): (200, 200, 200, 403, 401),
    ("PATCH", "/api/v1/airplanes/1"): (200, 403, 403, 403, 401),
    ("GET", "/api/v1/events"): (200, 200, 200, 403, 401),
    ("GET", "/api/v1/reservations"): (200, 200, 200, 403, 401),
    ("POST", "/api/v1/reservations"): (201, 201, 403, 403, 401),
    ("DELETE", "/api/v1/reservations/2"): (200, 404, 403, 403, 401),
    ("DELETE", "/api/v1/reservations/1"): (409, 200, 403, 403, 401),
    ("GET", "/api/v1/reservations/2"): (200, 404, 200, 403, 401),
    ("GET", "/api/v1/reservations/1"): (200, 200, 200, 403, 401),
    ("GET", "/api/v1/reservations/2/history"): (200, 404, 200, 403, 401),
    ("GET", "/api/v1/reservations/1/history"): (200, 200, 200, 403, 401),
    ("GET", "/api/v1/reservations/2/why"): (200, 404, 200, 403, 401),
    ("GET", "/api/v1/reservations/1/why"): (200, 200, 200, 403, 401),
    ("GET", "/api/v1/status"): (200, 403, 200, 403, 401),
    ("GET", "/customers"): (200, 200, 200, 403, 401),
    ("GET", "/customers/2"): (200, 404, 200, 403, 401),
    ("GET", "/customers/1"): (200, 200, 200, 403, 401),
    ("GET", "/metrics"): (200, 403, 403, 200, 401),
    ("GET", "/openapi"): (200, 200, 200, 403, 401),
    ("GET", "/openapi.json"): (200, 200, 200, 403, 401),
    ("GET", "/page/airbook.css"): (200, 200, 200, 200, 200),
    ("GET", "/page/airbook.js"): (200, 200, 200, 200, 200),
    ("POST", "/page/airplanes"): (303, 403, 403, 403, 401),
    ("POST", "/page/airplanes/1/close"): (303, 403, 403, 403, 401),
    ("POST", "/page/airplanes/1/open"): (303, 403, 403, 403, 401),
    ("POST", "/page/reservations"): (303, 303, 403, 403, 401),
    ("POST", "/page/reservations/2/cancel"): (409, 404, 403, 403, 401),
    ("POST", "/page/reservations/1/cancel"): (409, 409, 403, 403, 401),
    ("POST", "/page/session"): (401, 401, 401, 401, 401),
    ("POST", "/page/session/end"): (303, 303, 303, 303, 303),
    ("GET", "/profile/reservations"): (200, 200, 200, 403, 401),
    ("GET", "/reservations"): (200, 200, 200, 403, 401),
    ("POST", "/reservations"): (201, 201, 403, 403, 401),
    ("DELETE", "/reservations/2"): (409, 404, 403, 403, 401),
    ("DELETE", "/reservations/1"): (409, 409, 403, 403, 401),
    ("GET", "/reservations/2"): (404, 404, 404, 403, 401),
    ("GET", "/reservations/1"): (404, 404, 404, 403, 401),
}
BODIES: dict[tuple[str, str], object] = {
    ("POST", "/admins"): {"seatQty": 5},
    ("PATCH", "/airplanes/1"): {"open": True},
    ("POST", "/reservations"): {"airPlaneId": 1},
    ("POST", "/api/v1/airplanes"): {"seats": 5},
    ("PATCH", "/api/v1/airplanes/1"): {"seats": 5},
    ("POST", "/api/v1/reservations"): {"airplane": 1},
    ("POST", "/page/airplanes"): b"seats=5",
    ("POST", "/page/reservations"): b"airplane=1",
    ("POST", "/page/session"): b"token=none",
}


def company(home: Home, roles: Iterable[str | None] = ROLES) -> dict[str | None, dict[str, str]]:
    """Fill a home, and create a token of each role; returns the headers with which each is sent."""
    home("admin", "add-plane", "--seats", "5")
    for customer in ("kim", "lee"):
        home("reserve", "1", "--customer", customer)
    home("daemon", "--until-idle")
    tokens = {
        role: home.json("token", "create", "kim", "--role", role)["token"] for role in roles if role
    }
    return {role: {"Authorization": f"Bearer {tokens[role]}"} if role else {} for role in roles}


def status_of(gateway: Gateway, method: str, path: str, headers: dict[str, str]) -> int:
    body = BODIES.get((method, path), b"" if method == "POST" else None)
    typed = {**FORM, "Origin": gateway.base} if path.startswith("/page") else {}
    return gateway.request(method, path, body, {**typed, **headers}).status


def routes_of(folder: Path) -> set[tuple[str, str]]:
    """Return every method and address of the application."""

    def opened() -> Airbook:
        return Airbook(SQLiteStore(folder / "airbook.db"))

    with opened() as airbook:
        airbook.create_if_missing()
    nobody: Any = None
    app = create_app(StoreAccess(opened), nobody, RateLimit(0), observers("test", figures=True))
    return {
        (method, route.path_format)
        for route in app.routes
        for method in getattr(route, "methods", ())
        if method not in {"HEAD", "OPTIONS"}
    }


def test_each_role_may_do_what_the_table_says(home: Home):
    headers = company(home)
    with serving(home) as gateway:
        found = {
            (method, path): tuple(
                status_of(gateway, method, path, headers[role]) for role in reversed(ROLES)
            )[::-1]
            for method, path in EXPECTED
        }
    assert found == EXPECTED


def test_the_table_has_every_route(tmp_path: Path):
    named = {(method, re.sub(r"/(\d+|liveness)(?=/|$)", "/{}", path)) for method, path in EXPECTED}
    named = {
        (method, path.replace("/profile/reservations", "/profile/{}")) for method, path in named
    }
    routes = {(method, re.sub(r"{\w+}", "{}", path)) for method, path in routes_of(tmp_path)}
    assert routes - named == {("GET", "/page/changes")}  # it has no end: see test_page.py
    assert named - routes == set()
