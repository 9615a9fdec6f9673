"""Requests to the gateways through the Service, at a port of the node."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any

from tests.gateway.server import Address
from tests.rehearsal.around import GATEWAY_PORT, PROMETHEUS_PORT

SOON_SECONDS = 2.0


class Gateway(Address):
    """The gateways, of which the Service chooses one for each request."""

    def answers(self) -> bool:
        """Return whether one of them answers soon.

        A network may drop the packets to a pod that is new: a client that waits for long tries
        again only after a minute.
        """
        return Gateway(self.port, SOON_SECONDS).try_get("/airplanes") is not None

    def try_get(self, path: str) -> bytes | None:
        """Return what is answered with 200; None without such an answer."""
        try:
            reply = self.get(path)
        except (OSError, http.client.HTTPException):
            return None
        return reply.body if reply.status == http.client.OK else None

    def figure(self, name: str, labels: str = "") -> float | None:
        """Return a figure of the store, as Prometheus would read it; None while it is unknown."""
        said = self.try_get("/metrics")
        found = said and re.search(
            rf"^{name}{re.escape(labels)} (\S+)$", said.decode(), re.MULTILINE
        )
        return float(found[1]) if found else None

    def add_airplane(self, seats: int) -> int:
        """Create an airplane; return its number."""
        made = self.post("/api/v1/airplanes", {"seats": seats})
        assert made.status == http.client.CREATED, made
        return int(made.document["id"])

    def reserve(self, airplane: int) -> int:
        """Request a seat; return the number of the reservation."""
        made = self.post("/api/v1/reservations", {"airplane": airplane, "customer": "kim"})
        assert made.status == http.client.CREATED, made
        return int(made.document["id"])

    def load(self, airplane: int) -> list[str]:
        """Return what siege asks: the lists that customers read, and as many reservations."""
        body = json.dumps({"airPlaneId": airplane})
        return [
            f"{self.base}/reservations POST {body}",
            f"{self.base}/customers",
            f"{self.base}/reservations POST {body}",
            f"{self.base}/airplanes/{airplane}",
        ]


class Prometheus(Address):
    """Prometheus in the cluster."""

    def ask(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        """Return what it answers; None while it does not."""
        try:
            reply = self.get(f"/api/v1/{path}")
        except (OSError, http.client.HTTPException):
            return None
        return reply.document["data"] if reply.status == http.client.OK else None

    def firing(self) -> set[str] | None:
        """Return the names of the alerts that fire; None while it does not answer."""
        return firing_in(self.ask("alerts"))

    def targets_up(self) -> dict[str, int] | None:
        """Return how many targets of each job are up; None while it does not answer."""
        return up_in(self.ask("targets?state=active"))


def firing_in(answer: Any) -> set[str] | None:  # noqa: ANN401 -- JSON
    """Return the names of the alerts that fire, of an answer for alerts."""
    if answer is None:
        return None
    return {one["labels"]["alertname"] for one in answer["alerts"] if one["state"] == "firing"}


def up_in(answer: Any) -> dict[str, int] | None:  # noqa: ANN401 -- JSON
    """Return how many targets of each job are up, of an answer for targets."""
    if answer is None:
        return None
    found = dict[str, int]()
    for one in answer["activeTargets"]:
        job = one["labels"]["job"]
        found[job] = found.get(job, 0) + (one["health"] == "up")
    return found


GATEWAY = Gateway(GATEWAY_PORT)
PROMETHEUS = Prometheus(PROMETHEUS_PORT)
