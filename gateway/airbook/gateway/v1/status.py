"""The route of the state of the whole store."""

from __future__ import annotations

from litestar import Response

from airbook.application.airbook import Airbook
from airbook.application.responses import Status
from airbook.gateway.guards import requires
from airbook.gateway.v1 import parameters
from airbook.gateway.v1.answers import V1Request, access_of, answer
from airbook.gateway.v1.showing import show


@show("/status", guards=[requires("reader")])
async def status(request: V1Request, as_of: parameters.AsOf = None) -> Response[Status]:
    """Count airplanes and reservations, and describe the daemon, the views and the store."""
    at = parameters.moment(as_of)

    def ask(airbook: Airbook) -> Status:
        return airbook.queries.status(as_of=parameters.position(airbook, at))

    return answer(request, await access_of(request).ask(ask))
