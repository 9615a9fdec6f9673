"""What a real Prometheus makes of a running gateway and a running daemon."""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from typing import NamedTuple

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.relays import subscriber_of
from airbook.eventlog.records import Checkpoint, Transaction
from tests.deploy.prometheus import Prometheus, scraping
from tests.deploy.test_alert_rules import ALERTS
from tests.deploy.test_dashboard import expressions
from tests.gateway.server import Gateway, serving
from tests.support.home import ROOT, Home
from tests.support.ports import reserved_port
from tests.support.waiting import until

METRICS = ROOT / "docs/metrics.md"
ORIGINAL = (
    'rate(istio_requests_total{app="admin",'
    'destination_service="admin.airplane.svc.cluster.local",response_code="200"}[5m])'
)
SCRAPES = 3  # of each target, so that every rate has samples


class Running(NamedTuple):
    """A gateway and a daemon whose figures Prometheus has scraped a few times."""

    gateway: Gateway
    prometheus: Prometheus

    def scrape(self) -> None:
        """Wait until every target was scraped a few times more."""
        before = self._scrapes()
        until(
            lambda: all(count >= before[job] + SCRAPES for job, count in self._scrapes().items()),
            "Prometheus to scrape",
        )

    def _scrapes(self) -> dict[str, float]:
        found = self.prometheus.query("count_over_time(up[10m])")
        return {one.labels["job"]: one.value for one in found}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """Run all three, with two of three requests approved and a relay that has sent nothing."""
    home = Home(tmp_path_factory.mktemp("home"))
    assert home.here("admin", "add-plane", "--seats", "2").code == 0
    with (
        reserved_port() as port,
        home.running("daemon", "--health-port", str(port)),
        serving(home) as gateway,
        scraping(
            tmp_path_factory.mktemp("prometheus"),
            {"airbook-gateway": [gateway.port], "airbook-daemon": [port]},
        ) as prometheus,
    ):
        found = Running(gateway, prometheus)
        until(lambda: sum(one.value for one in prometheus.query("up")) == 2, "both to be scraped")
        with home.airbook() as airbook:
            begin_relay(airbook)
            for name in ("kim", "lee", "park"):
                airbook.execute(Reserve(1, name))
        for _ in range(2):  # a rate needs a figure that grows
            for path in ("/admins/1", "/airplanes/1", "/nowhere"):
                gateway.get(path)
            gateway.post("/reservations", {"airPlaneId": 1})
            found.scrape()
        yield found


def begin_relay(airbook: Airbook) -> None:
    """Store the checkpoint of a relay that has sent nothing."""
    checkpoint = Checkpoint(subscriber_of("bus"), 0)
    airbook.log.append(Transaction(at=airbook.clock(), checkpoint=checkpoint))


def test_the_query_of_the_original_counts_what_its_service_would_have_answered(
    running: Running,
) -> None:
    (found,) = running.prometheus.query(ORIGINAL)
    assert found.value > 0
    assert found.labels == {
        "app": "admin",
        "destination_service": "admin.airplane.svc.cluster.local",
        "instance": f"127.0.0.1:{running.gateway.port}",
        "job": "airbook-gateway",
        "response_code": "200",
    }


def test_the_query_by_app_and_code_counts_the_same(running: Running) -> None:
    by, now = "sum by (app, response_code)", time.time()  # an increase grows until it is asked for
    ours, of_mesh = (
        {
            (one.labels["app"], one.labels["response_code"]): one.value
            for one in running.prometheus.query(f"{by} (increase({name}[5m])) > 0", now)
        }
        for name in ("airbook_http_requests_total", "istio_requests_total")
    )
    asked = {("admin", "200"), ("airplane", "200"), ("reservation", "201"), ("gateway", "404")}
    assert asked <= ours.keys()
    assert ours == pytest.approx(of_mesh)


def test_prometheus_reads_the_queries_of_the_page_of_figures(running: Running) -> None:
    blocks = re.findall(r"```promql\n(.*?)```", METRICS.read_text(), re.DOTALL)
    lines = [one for block in blocks for one in block.splitlines() if not one.startswith("#")]
    assert ORIGINAL in lines
    for line in lines:
        running.prometheus.query(line)


def test_prometheus_has_an_answer_for_each_panel(running: Running) -> None:
    unanswered = [
        panel
        for panel, expression in expressions()
        if not running.prometheus.query(expression.replace("$__rate_interval", "1m"))
    ]
    assert unanswered in ([], ["Alerts"])  # the relay that has sent nothing has one after a minute


def test_the_rules_are_evaluated_and_nothing_fires(running: Running) -> None:
    assert running.prometheus.alerts() == ALERTS.keys()
    firing = 'ALERTS{alertstate="firing",alertname!="AirbookRelayLag"}'
    assert running.prometheus.query(firing) == []
