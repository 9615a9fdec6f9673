"""What the gateway counts of HTTP: requests by app, route and code, as Istio names them too."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Histogram

from airbook.application.observability.figures import FAST

# The services of the original, by the first word of the routes that they served.
APPS = {
    "admins": "admin",
    "airplanes": "airplane",
    "reservations": "reservation",
    "customers": "customer",
}
GATEWAY = "gateway"
NO_ROUTE = "other"  # a path without a route has no label of its own: clients can make up many
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SERVICE = "{app}.airplane.svc.cluster.local"  # as the original's services are called in its mesh
MOST_LABELS = 1_000  # a client can make up methods, which share a label
Labelled = tuple[Counter, Counter, Histogram]


class HttpFigures:
    """Counts the requests of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "airbook_http_requests",
            "Requests that were answered.",
            ["app", "method", "route", "response_code"],
            registry=registry,
        )
        self._seconds = Histogram(
            "airbook_http_request_seconds",
            "Seconds from a request until its answer begins.",
            ["app", "route"],
            registry=registry,
            buckets=FAST,
        )
        self._of_mesh = Counter(
            "istio_requests",
            "The same requests, named and labelled as a mesh with Istio does.",
            ["app", "destination_service", "response_code"],
            registry=registry,
        )
        # To find the figures of some labels takes longer than to count in them.
        self._labelled = lru_cache(MOST_LABELS)(self._labels)

    def answered(self, method: str, route: str | None, code: int, seconds: float) -> None:
        """Count a request. route: with {names} for parts of the path; None for no route."""
        requests, of_mesh, durations = self._labelled(method, route, code)
        requests.inc()
        of_mesh.inc()
        durations.observe(seconds)

    def _labels(self, method: str, route: str | None, code: int) -> Labelled:
        app = APPS.get((route or "").strip("/").partition("/")[0], GATEWAY)
        method = method if method in METHODS else NO_ROUTE
        return (
            self._requests.labels(app, method, route or NO_ROUTE, str(code)),
            self._of_mesh.labels(app, SERVICE.format(app=app), str(code)),
            self._seconds.labels(app, route or NO_ROUTE),
        )
