"""The figures of daemon and gateway: what is scraped is what docs/metrics.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from airbook.application.commands import Reserve
from airbook.application.relays import subscriber_of
from airbook.eventlog.records import Checkpoint, Transaction
from tests.gateway.server import Gateway, serving
from tests.support.home import ROOT, Home
from tests.support.ports import reserved_port
from tests.support.probing import probe
from tests.support.waiting import until

ROW = re.compile(r"\| `(\w+)` \| (\w+) \| (.*?) ?\| (\w+) \| (.+) \|")
ORIGINAL = (
    'istio_requests_total{app="admin",destination_service="admin.airplane.svc.cluster.local"'
    ',response_code="200"}'
)


class Figure(NamedTuple):
    kind: str
    labels: frozenset[str]
    meaning: str


class Running(NamedTuple):
    """A daemon and a gateway. port: of the daemon's health."""

    home: Home
    port: int
    gateway: Gateway

    def of_daemon(self) -> str:
        answer = probe(self.port, "/metrics", seconds=60)
        assert answer is not None
        assert (answer.code, answer.headers["content-type"]) == (
            200,
            "text/plain; version=0.0.4; charset=utf-8",
        )
        return answer.body

    def of_gateway(self) -> str:
        return self.gateway.get("/metrics").body.decode()


@pytest.fixture
def running(either: Home) -> Generator[Running]:
    """Run both on a store with an airplane of two seats, from which a relay has sent nothing."""
    assert either.here("admin", "add-plane", "--seats", "2").code == 0
    with either.airbook() as airbook:
        checkpoint = Checkpoint(subscriber_of("bus"), 0)
        airbook.log.append(Transaction(at=airbook.clock(), checkpoint=checkpoint))
    with (
        reserved_port() as port,
        either.running("daemon", "--health-port", str(port)),
        serving(either) as gateway,
    ):
        until(lambda: probe(port, "/actuator/health/readiness"), "the daemon to listen")
        yield Running(either, port, gateway)


def documented(*sources: str) -> dict[str, Figure]:
    rows = ROW.findall((ROOT / "docs/metrics.md").read_text())
    return {
        name: Figure(kind, frozenset(re.findall(r"\w+", labels)), meaning)
        for name, kind, labels, source, meaning in rows
        if source in sources
    }


def scraped(text: str) -> dict[str, Figure]:
    found = dict[str, Figure]()
    for family in text_string_to_metric_families(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        found[name] = Figure(family.type, frozenset(labels), family.documentation)
    return found


def values(text: str) -> dict[str, float]:
    """Return the value of each series, by its name with its labels as a query writes them."""
    found = dict[str, float]()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def test_what_is_scraped_is_documented(running: Running) -> None:
    with running.home.airbook() as airbook:
        airbook.execute(Reserve(1, "kim"))
    running.gateway.get("/airplanes")
    until(lambda: values(running.of_daemon())["airbook_visible_seconds_count"] == 1, "the decision")
    assert scraped(running.of_daemon()) == documented("daemon", "process", "store")
    assert scraped(running.of_gateway()) == documented("process", "gateway", "store")


def test_the_figures_of_three_requests_for_two_seats(running: Running) -> None:
    with running.home.airbook() as airbook:
        for name in ("kim", "lee", "park"):
            airbook.execute(Reserve(1, name))
    until(
        lambda: values(running.of_daemon())["airbook_visible_seconds_count"] == 3, "the decisions"
    )
    found = values(running.of_daemon())
    of_store = {
        'airbook_seats{airplane="1",state="taken"}': 2.0,
        'airbook_seats{airplane="1",state="left"}': 0.0,
        'airbook_reservations{status="approved"}': 2.0,
        'airbook_reservations{status="rejected"}': 1.0,
        'airbook_reservations{status="received"}': 0.0,
        "airbook_log_head_position": 9.0,  # 1 airplane, 3 requests, 3 decisions, 2 seats
        "airbook_oldest_pending_seconds": 0.0,
        "airbook_parked_reservations": 0.0,
        "airbook_daemon_leases": 1.0,
        "airbook_store_up": 1.0,
        'airbook_view_lag_events{view="totals"}': 0.0,
        'airbook_relay_lag_events{relay="bus"}': 9.0,
    }
    of_daemon = {
        'airbook_decisions_total{outcome="approved",reason=""}': 2.0,
        'airbook_decisions_total{outcome="rejected",reason="no_seats_left"}': 1.0,
        'airbook_decisions_total{outcome="rejected",reason="airplane_closed"}': 0.0,
        "airbook_decision_seconds_count": 3.0,
    }
    assert {name: found[name] for name in of_store} == of_store
    assert {name: found[name] for name in of_daemon} == of_daemon
    assert 1 <= found["airbook_commit_transactions_count"] <= 4
    of_gateway = values(running.of_gateway())
    assert {name: of_gateway[name] for name in of_store} == of_store


def test_the_query_of_the_original_finds_what_its_services_would_have_answered(
    running: Running,
) -> None:
    asked = {"/airplanes": "airplane", "/actuator/health/liveness": "gateway", "/x?y": "gateway"}
    statuses = {path: running.gateway.get(path).status for path in asked}
    found = values(running.of_gateway())
    expected = defaultdict[str, float](float)
    for path, app in asked.items():
        service = f"{app}.airplane.svc.cluster.local"
        labels = f'app="{app}",destination_service="{service}",response_code="{statuses[path]}"'
        expected[f"istio_requests_total{{{labels}}}"] += 1
    assert {name: one for name, one in found.items() if name.startswith("istio_")} == expected
    routes = {
        ("airplane", "/airplanes", "200"),
        ("gateway", "/actuator/health/{component}", "200"),
        ("gateway", "other", "404"),
    }
    assert {name for name in found if name.startswith("airbook_http_requests_total")} == {
        f'airbook_http_requests_total{{app="{app}",method="GET",response_code="{code}",route="{route}"}}'
        for app, route, code in routes
    }


def test_the_query_stands_in_the_document_word_for_word() -> None:
    assert f"rate({ORIGINAL}[5m])" in (ROOT / "docs/metrics.md").read_text()


def test_the_checker_of_prometheus_finds_nothing(running: Running) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    running.gateway.get("/airplanes")
    for text in (running.of_daemon(), running.of_gateway()):
        checked = subprocess.run(
            [promtool, "check", "metrics"], input=text, capture_output=True, check=False, text=True
        )
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_a_store_that_is_gone_is_a_figure(home: Home, tmp_path: Path) -> None:
    assert home.here("admin", "add-plane", "--seats", "2").code == 0
    with serving(home) as gateway:
        home.store.rename(tmp_path / "elsewhere.db")
        found = values(gateway.get("/metrics").body.decode())
    assert found["airbook_store_up"] == 0.0
    assert "airbook_log_head_position" not in found


def test_the_figures_of_several_workers_are_one(tmp_path: Path) -> None:
    many = 40
    home = Home(tmp_path, anew=True)  # the library reads the name of its folder when it is loaded
    with serving(home, "--workers", "3") as gateway:
        for _ in range(many):
            assert gateway.get("/airplanes").status == 200
        found = values(gateway.get("/metrics").body.decode())
    labels = 'app="airplane",method="GET",response_code="200",route="/airplanes"'
    assert found[f"airbook_http_requests_total{{{labels}}}"] == many
    assert found["airbook_store_up"] == 1.0
