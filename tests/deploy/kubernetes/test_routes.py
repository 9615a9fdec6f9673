"""What the mesh lets in and what it sends again, asked of its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import Mock

import pytest
from litestar.routes import HTTPRoute

from airbook.gateway.app import create_app
from tests.deploy.kubernetes.rendering import Document, named, overlay

pytestmark = pytest.mark.process
KEY = {"idempotency-key": '"order-4711"'}
STREAM = {"accept": "text/event-stream"}
OF_THE_CLUSTER = ("/metrics", "/actuator")


def routes() -> list[Document]:
    found: list[Document] = named(overlay("istio"), "VirtualService/airbook")["spec"]["http"]
    return found


def takes(rule: Mapping[str, str], text: str) -> bool:
    """Return whether a rule of Istio takes a text: as a whole, its beginning, or by a pattern."""
    [(how, wanted)] = rule.items()
    if how == "regex":
        return re.fullmatch(wanted, text) is not None
    return text.startswith(wanted) if how == "prefix" else text == wanted


def route_of(method: str, path: str, headers: Mapping[str, str] | None = None) -> str | None:
    """Return the name of the first route that takes a request; None if no route does."""
    sent = headers or {}

    def matches(match: Mapping[str, Any]) -> bool:
        return (
            takes(match["uri"], path)
            and takes(match.get("method", {"exact": method}), method)
            and all(
                name in sent and takes(rule, sent[name])
                for name, rule in match.get("headers", {}).items()
            )
        )

    return next((one["name"] for one in routes() if any(map(matches, one["match"]))), None)


def requests_of_the_gateway() -> Iterator[tuple[str, str]]:
    """Yield the method and an address of each route of the gateway."""
    for route in create_app(Mock(), Mock(), Mock(), Mock()).routes:
        assert isinstance(route, HTTPRoute)
        path = re.sub(r"\{[^}]*\}", "1", route.path)
        yield from ((method, path) for method in route.methods)


def test_every_route_of_the_gateway_passes_but_those_of_the_cluster():
    passing = {path for method, path in requests_of_the_gateway() if route_of(method, path)}
    every = {path for _, path in requests_of_the_gateway()}
    assert {"/admins", "/api/v1/reservations", "/page/session", "/"} <= every
    assert {path for path in every if path.startswith(OF_THE_CLUSTER)} == every - passing


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/adminsX", "/api/v2/events"]
)
def test_every_other_path_goes_nowhere_however_it_is_written(path: str):
    assert route_of("GET", path) is None


@pytest.mark.parametrize(
    ("method", "path", "headers", "name"),
    [
        ("GET", "/admins", {}, "reads"),
        ("HEAD", "/reservations/6", {}, "reads"),
        ("GET", "/api/v1/events", {}, "reads"),
        ("GET", "/api/v1/events", STREAM, "streams"),
        ("GET", "/page/changes", STREAM, "streams"),
        ("POST", "/admins", {}, "commands"),
        ("POST", "/reservations", {}, "commands"),
        ("POST", "/reservations", KEY, "commands"),  # this path does not know the header
        ("POST", "/api/v1/reservations", {}, "commands"),
        ("POST", "/api/v1/reservations", KEY, "commands-with-a-key"),
        ("PATCH", "/api/v1/airplanes/1", {}, "commands"),
        ("DELETE", "/api/v1/reservations/1", {}, "commands"),
    ],
)
def test_a_request_takes_the_route_of_its_kind(
    method: str, path: str, headers: dict[str, str], name: str
):
    assert route_of(method, path, headers) == name


def test_only_what_may_be_executed_twice_is_sent_again():
    attempts = {one["name"]: one["retries"]["attempts"] for one in routes()}
    assert {name for name, count in attempts.items() if count} == {"reads", "commands-with-a-key"}


def test_an_answer_is_never_a_reason_to_send_again():
    reasons = {
        reason
        for one in routes()
        for reason in one["retries"].get("retryOn", "").split(",")
        if reason
    }
    assert reasons == {"connect-failure", "refused-stream", "reset"}


def test_a_request_may_wait_as_long_as_it_may_ask_to_wait_and_a_stream_for_ever():
    limits = {one["name"]: float(one["timeout"].removesuffix("s")) for one in routes()}
    assert limits.pop("streams") == 0
    assert all(limit > 30 for limit in limits.values())


def test_the_headers_that_a_gateway_believes_are_not_those_of_a_client():
    for one in routes():
        assert {"forwarded", "x-forwarded-host"} <= {*one["headers"]["request"]["remove"]}
