"""A real Prometheus that scrapes a gateway and a daemon, for the duration of a block."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from msgspec import yaml

from tests.support.ports import reserved_port
from tests.support.probing import probe
from tests.support.running import Process
from tests.support.waiting import until

RULES = Path(__file__).parents[2] / "deploy/monitoring/rules"
SECONDS = 60.0


class Sample(NamedTuple):
    """A value that a query found. labels: those of its series, with its name as __name__."""

    labels: Mapping[str, str]
    value: float


class Prometheus:
    """A running server. port: at which it answers."""

    def __init__(self, port: int) -> None:
        self._port = port

    def query(self, expression: str, at: float | None = None) -> list[Sample]:
        """Ask for the values of an expression; it must be one that Prometheus reads.

        at: when, in seconds since 1970; None for now.
        """
        found = self._ask("query", query=expression, time=str(time.time() if at is None else at))
        return [Sample(one["metric"], float(one["value"][1])) for one in found["result"]]

    def alerts(self) -> set[str]:
        """Return the names of the alerts of all rules."""
        groups = self._ask("rules", type="alert")["groups"]
        return {rule["name"] for group in groups for rule in group["rules"]}

    def _ask(self, path: str, **values: str) -> Any:  # noqa: ANN401 -- JSON
        connection = HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        try:
            connection.request("GET", f"/api/v1/{path}?{urlencode(values)}")
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert answer["status"] == "success", (values, answer.get("error"))
        return answer["data"]


@contextmanager
def scraping(folder: Path, jobs: Mapping[str, Sequence[int]]) -> Generator[Prometheus]:
    """Run a server that scrapes ports of this machine each second, with the alert rules.

    folder: for its configuration and its database. jobs: the ports of each.
    """
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed: apt-get install prometheus")
    configuration = folder / "prometheus.yml"
    scraped = [
        {
            "job_name": job,
            "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in ports]}],
        }
        for job, ports in jobs.items()
    ]
    every = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    rules = [f"{RULES}/*.yml"]
    configuration.write_bytes(
        yaml.encode({"global": every, "rule_files": rules, "scrape_configs": scraped})
    )
    with reserved_port() as port:
        options = {
            "config.file": str(configuration),
            "storage.tsdb.path": str(folder / "database"),
            "web.listen-address": f"127.0.0.1:{port}",
        }
        command = [program, *(f"--{name}={value}" for name, value in options.items())]
        process = Process.of(command, {}, folder)
        try:
            until(lambda: is_ready(process, port), "Prometheus to answer")
            yield Prometheus(port)
        finally:
            process.stop()


def is_ready(process: Process, port: int) -> bool:
    """Return whether the server answers; fail if it has ended."""
    assert not process.has_ended(), process.end()
    answer = probe(port, "/-/ready")
    return answer is not None and answer.code == 200
