"""The application: every router of the gateway, and what all of them share."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State

from airbook.application.observability.observer import Observers
from airbook.gateway.actuator import ROUTES as ACTUATOR
from airbook.gateway.actuator import Actuator
from airbook.gateway.headers import complete_headers
from airbook.gateway.identity import Identification, Identify
from airbook.gateway.page.routes import ROUTES as PAGE
from airbook.gateway.problems import HANDLERS
from airbook.gateway.rate_limit import RateLimit
from airbook.gateway.seed.routes import ROUTES as SEED
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.v1.event_feed import EventFeed
from airbook.gateway.v1.idempotency import RunningKeys
from airbook.gateway.v1.openapi.routes import openapi_json, openapi_page
from airbook.gateway.v1.routes import create_router

MAX_BODY = 16 * 1024


def create_app(
    access: StoreAccess,
    identify: Identify,
    limit: RateLimit,
    observing: Observers,
    *,
    trust_proxy: bool = False,
) -> Litestar:
    """Return the application of one process.

    access: the store, which the application starts and closes. identify: finds who sends a request.
    limit: of the requests of each sender. observing: has the figures of this process. trust_proxy:
    believe the headers in which a proxy says how it was addressed.
    """
    actuator = Actuator(access, observing)

    @asynccontextmanager
    async def opened(_: Litestar) -> AsyncGenerator[None]:
        access.start()
        try:
            yield
        finally:
            actuator.close()
            access.close()

    return Litestar(
        route_handlers=[*SEED, *PAGE, *ACTUATOR, create_router(), openapi_json, openapi_page],
        before_send=[complete_headers],
        exception_handlers=HANDLERS,
        lifespan=[opened],
        logging_config=None,
        middleware=[Identification],
        openapi_config=None,
        request_max_body_size=MAX_BODY,
        state=State(
            {
                "access": access,
                "actuator": actuator,
                "feed": EventFeed(),
                "identify": identify,
                "running_keys": RunningKeys(),
                "limit": limit,
                "trust_proxy": trust_proxy,
            }
        ),
    )
