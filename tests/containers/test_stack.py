"""The stack on PostgreSQL under siege: each part is restarted, and no client notices."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.containers.engine import Engine, NoEngineError
from tests.containers.sieging import CLIENTS, sieging
from tests.containers.stack import GRACE, SECONDS, Stack, compose_command, running
from tests.containers.standins import AIRBOOK, images
from tests.gateway.load import Load, loading
from tests.gateway.server import Address
from tests.gateway.streams import reading
from tests.support.waiting import until

pytestmark = [pytest.mark.container, pytest.mark.long]
SEATS = 5
RESTARTED = (
    *("daemon-1", "daemon-2", "gateway-1", "gateway-2", "relay", "kafka", "prometheus"),
    *("postgres", "proxy"),
)
MEASURED = {"daemon-1": 60.0, "daemon-2": 60.0, "gateway-1": 90.0, "gateway-2": 90.0}  # MiB


@pytest.fixture(scope="module", params=["docker compose", "docker-compose"])
def stack(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """Run the stack with each command that reads compose files, where it is installed."""
    try:
        command, used = compose_command(engine, request.param), images(engine)
    except NoEngineError as error:
        pytest.skip(f"The stack cannot be run: {error}.")
    own = os.environ.get(AIRBOOK) or str(request.getfixturevalue("image"))
    folder = tmp_path_factory.mktemp("stack")
    with running(engine, command, {**used, AIRBOOK: own}, folder) as started:
        until(lambda: targets(started) == {"up"}, "Prometheus to reach every part", SECONDS)
        yield started


def targets(stack: Stack) -> set[str]:
    """Return in which states the parts are that Prometheus asks; empty while it is not there."""
    found: dict[str, Any] = stack.ask_prometheus("targets?state=active") or {"activeTargets": []}
    return {one["health"] for one in found["activeTargets"]}


def requests(stack: Stack) -> list[str]:
    return [
        f'{stack.base}/api/v1/reservations POST {{"airplane":1,"customer":"kim"}}',
        f'{stack.base}/reservations POST {{"airPlaneId":1}}',
        f"{stack.base}/api/v1/airplanes",
        f"{stack.base}/airplanes/1",
        f"{stack.base}/api/v1/status",
    ]


def sql(stack: Stack, statement: str) -> list[str]:
    """Ask the database from outside of airbook; returns the lines of the answer."""
    psql = ("psql", "--username=postgres", "--dbname=airbook", "--tuples-only", "--no-align")
    return stack.docker("exec", stack.container("postgres"), *psql, "--command", statement).split()


def requested(stack: Stack) -> list[int]:
    """List the numbers of the reservations in the log."""
    streams = sql(
        stack,
        "SELECT originator_id FROM airbook.stored_events WHERE topic LIKE 'ReservationRequested.%'",
    )
    return [int(one.removeprefix("reservation-")) for one in streams]


def is_quiet(stack: Stack) -> bool:
    """Return whether everything is decided, and sent to Kafka."""
    status = json.loads(stack.airbook("status", "-o", "json"))
    sent = sql(
        stack,
        "SELECT min(notification_id) FROM airbook.notification_tracking"
        " WHERE application_name LIKE 'relay %'",
    )
    return (status["reservations"]["received"], sent) == (0, [str(status["position"])])


def check_nothing_lost(stack: Stack, load: Load, sieged: int) -> None:
    """Check that each acknowledged reservation is in the log once.

    sieged: how many siege was told of; it forgets those that were under way at its end.
    """
    kept, acknowledged = requested(stack), load.acknowledged()
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)
    assert 0 <= len(kept) - len(acknowledged) - sieged <= CLIENTS


def test_each_part_is_restarted_under_siege_and_no_client_notices(
    stack: Stack, tmp_path: Path, record_property: Callable[[str, object], None]
):
    proxy = Address(stack.port)
    record_property("idle", {part: stack.memory(part) for part in MEASURED})
    assert proxy.post("/admins", {"seatQty": SEATS}).status == 201
    with sieging(requests(stack), tmp_path) as siege, loading(proxy, 2) as load:
        load.await_more()
        for part in RESTARTED:
            stack.restart(part)
            load.await_more()
        used = {part: stack.memory(part) for part in MEASURED}
        report = siege.lift()
    record_property("under siege", used)
    record_property("answered", dict(report.answered))
    assert (report.availability, report.failed) == (100.0, 0), report.said
    assert load.statuses() == {201}
    until(lambda: is_quiet(stack), "every request to be decided and sent", SECONDS)
    check_nothing_lost(stack, load, report.answered["POST", 201])
    examined = json.loads(stack.airbook("doctor", "-o", "json"))
    assert (examined["healthy"], examined["findings"]) == (True, [])
    assert {part: amount for part, amount in used.items() if amount > MEASURED[part]} == {}


def test_a_restart_of_the_proxy_loses_no_request_that_it_has_accepted(
    stack: Stack, record_property: Callable[[str, object], None]
):
    proxy, before = Address(stack.port), set(requested(stack))
    assert proxy.post("/admins", {"seatQty": SEATS}).status == 201
    with loading(proxy, 2) as load:  # its clients try again when they are refused
        load.await_more()
        begun = time.monotonic()
        stack.docker("restart", "-t", GRACE, stack.container("proxy"))
        load.await_more(1)
        record_property("proxy away for less than", f"{time.monotonic() - begun:.1f} s")
    assert load.statuses() == {201}
    assert set(load.acknowledged()) == set(requested(stack)) - before


def test_a_stream_of_events_passes_the_proxy_as_it_comes(stack: Stack):
    proxy = Address(stack.port)
    with reading(proxy) as stream:
        made = proxy.post("/api/v1/airplanes", {"seats": 3})
        [event] = stream.events(1)
    created = ("AirplaneCreated", f"airplane-{made.document['id']}")
    assert (event["type"], event["stream"]) == created


@pytest.mark.parametrize("path", ["/metrics", "/%6detrics", "//metrics"])
def test_the_figures_are_for_prometheus_alone(stack: Stack, path: str):
    assert Address(stack.port).get(path).status == 404


def test_no_environment_holds_a_password(stack: Stack):
    secrets = {file.read_text().strip() for file in stack.secrets.glob("*password")}
    assert len(secrets) == 2
    services = stack.compose("ps", "-a", "--services").split()
    seen = {name: stack.docker("inspect", stack.container(name)) for name in services}
    assert [name for name in seen if any(secret in seen[name] for secret in secrets)] == []


def test_an_alert_fires_while_no_daemon_runs_and_clears_when_one_does(stack: Stack):
    daemons = [stack.container(name) for name in ("daemon-1", "daemon-2")]
    stack.docker("stop", *daemons)
    until(lambda: "AirbookNoDaemon" in (stack.firing() or ()), "the alert to fire", SECONDS)
    stack.docker("start", *daemons)
    until(lambda: stack.firing() == set(), "every alert to clear", SECONDS)
