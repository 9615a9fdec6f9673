"""The health and the figures of the gateway, at the addresses that Spring gave them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from litestar import Request, Response, get
from msgspec import json

from airbook.application.observability.health import MEDIA_TYPE, PATH, Answer, Health, HealthChecks
from airbook.application.observability.observer import Observers, exposing
from airbook.application.observability.store_health import StoreHealth
from airbook.gateway.guards import requires
from airbook.gateway.store_access import StoreAccess

ANSWER_SECONDS = 4.0  # a store that needs longer counts as away
ActuatorRequest = Request[Any, Any, Any]


class Actuator:
    """Answers for the health of the gateway, of the store and of its daemon.

    The gateway is alive as long as it answers. It is ready while the store answers: a reservation
    is accepted also while no daemon decides, so that the daemon is a detail of readiness, and a
    component of the whole.
    """

    def __init__(self, access: StoreAccess, observing: Observers) -> None:
        """observing: has the figures of this process."""
        self._is_stopping = access.stopping.is_set
        self._asked, self._read = access.open_airbook(), access.open_airbook()
        self._health = StoreHealth(self._asked)
        self._expose = exposing(observing, self._read)
        self._threads = ThreadPoolExecutor(2, "actuator")
        self.checks = HealthChecks(
            {
                "livenessState": lambda: Health("UP"),
                "readinessState": self._readiness,
                "store": self._health.store,
                "daemon": self._health.daemon,
            },
            {"liveness": ("livenessState",), "readiness": ("readinessState", "store")},
        )

    def _readiness(self) -> Health:
        daemon = self._health.daemon()
        details = {"daemon": daemon.status, **(daemon.details or {})}
        return Health("OUT_OF_SERVICE" if self._is_stopping() else "UP", details=details)

    async def health(self, path: str, accept: str) -> Answer | None:
        """Answer for the health; a store that does not answer in time is down."""
        if path.removeprefix(PATH).strip("/") in {"liveness", "livenessState"}:
            return self.checks.answer(path, accept)  # of this process, whatever the store does
        asking = asyncio.get_running_loop().run_in_executor(
            self._threads, self.checks.answer, path, accept
        )
        try:
            return await asyncio.wait_for(asyncio.shield(asking), ANSWER_SECONDS)
        except TimeoutError:
            store = Health("DOWN", details={"waits_for": "the store"})
            return Answer(503, MEDIA_TYPE, json.encode(Health("DOWN", {"store": store})))

    async def figures(self) -> Answer:
        """Answer Prometheus."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._expose)

    def close(self) -> None:
        """Wait for the answers that threads are giving, then close what they have opened."""
        # A thread makes a few queries, and the store limits the time of each.
        self._threads.shutdown(cancel_futures=True)
        for airbook in (self._asked, self._read):
            airbook.close()


def respond(answer: Answer) -> Response[bytes]:
    """Return an answer as a response."""
    headers = {"Cache-Control": "no-store"}
    return Response(
        answer.body, status_code=answer.code, media_type=answer.media_type, headers=headers
    )


@get([PATH, f"{PATH}/{{component:str}}"], exclude_from_auth=True)
async def health(request: ActuatorRequest) -> Response[bytes]:
    """Answer for the health of the gateway, of a group or of a component."""
    actuator = cast("Actuator", request.app.state.actuator)
    answer = await actuator.health(request.url.path, request.headers.get("Accept", ""))
    return respond(answer or Answer(404, "application/json", b'{"status":404}'))


@get("/metrics", guards=[requires("metrics")], figures=True)
async def metrics(request: ActuatorRequest) -> Response[bytes]:
    """Answer Prometheus with the figures of the gateway and of the store."""
    actuator = cast("Actuator", request.app.state.actuator)
    return respond(await actuator.figures())


ROUTES = (health, metrics)
