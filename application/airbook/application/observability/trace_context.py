"""The trace of the request that a coroutine works on, without any package of OpenTelemetry."""

from __future__ import annotations

from contextvars import ContextVar

# The traceparent of the present request; None while requests are not traced.
TRACEPARENT = ContextVar[str | None]("traceparent", default=None)
