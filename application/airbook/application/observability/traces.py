"""Traces for OpenTelemetry: a request, its commit, its decision, and the row that shows it."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from airbook.application.observability.decision import Decision
from airbook.application.observability.trace_context import TRACEPARENT
from airbook.eventlog.records import Receipt, Transaction, TransactionResult

HEADER = "traceparent"
EXPORT_SECONDS = 2.0  # a collector that is away delays the end of a process by that much
NANOSECONDS = 1_000_000_000
FIRST_SERVER_ERROR = 500


class Traces:
    """Makes the spans of one process, and sends them to the collector that OTEL_… names.

    The commit, the decision and the row are children of the request, whose context is in the
    envelope of its event: so they find their trace in another process and at any later time.
    """

    def __init__(self, service: str) -> None:
        """service: the name of the process, unless OTEL_SERVICE_NAME has another one."""
        name = os.environ.get("OTEL_SERVICE_NAME", service)
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
        exporter = OTLPSpanExporter(timeout=EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("airbook")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Generator[Span]:
        """Trace a request for the duration of a block. headers: by their names in small letters."""
        context = self._propagator.extract(headers, context=Context())
        attributes = {"http.request.method": method}
        span = self._tracer.start_span(method, context, SpanKind.SERVER, attributes)
        carrier = dict[str, str]()
        self._propagator.inject(carrier, trace.set_span_in_context(span, Context()))
        token = TRACEPARENT.set(carrier.get(HEADER))
        try:
            yield span
        finally:
            TRACEPARENT.reset(token)
            span.end()

    def committed(
        self,
        transactions: Sequence[Transaction],
        results: Sequence[TransactionResult],
        seconds: float,
    ) -> None:
        """Trace a commit for each of its transactions whose request is traced."""
        end = time.time_ns()
        begun = end - int(seconds * NANOSECONDS)
        for transaction, result in zip(transactions, results, strict=True):
            if transaction.trace and isinstance(result, Receipt):
                attributes = {
                    "airbook.position": result.position,
                    "airbook.commit.transactions": len(transactions),
                }
                self._span("commit", transaction.trace, begun, end, attributes)

    def synced(self, seconds: float) -> None:
        """Do nothing: a commit is traced as a whole."""

    def decided(self, decisions: Sequence[Decision], at: datetime) -> None:
        """Trace each decision from its request on."""
        for one in decisions:
            if one.trace:
                asked = nanoseconds(datetime.fromisoformat(one.asked_at))
                self._span("decide", one.trace, asked, nanoseconds(at), attributes_of(one))

    def visible(self, decisions: Sequence[Decision], decided_at: datetime, at: datetime) -> None:
        """Trace each row from its decision until it can be seen."""
        for one in decisions:
            if one.trace:
                decided = nanoseconds(decided_at)
                self._span("show", one.trace, decided, nanoseconds(at), attributes_of(one))

    def _span(
        self, name: str, traceparent: str, begun: int, end: int, attributes: Mapping[str, int | str]
    ) -> None:
        context = self._propagator.extract({HEADER: traceparent}, context=Context())
        span = self._tracer.start_span(
            name, context, attributes=attributes, start_time=min(begun, end)
        )
        span.end(end)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


def answered(span: Span, route: str | None, code: int) -> None:
    """Note the answer in the span of a request. route: None for no route."""
    if route:
        span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", code)
    if code >= FIRST_SERVER_ERROR:
        span.set_status(Status(StatusCode.ERROR))


def attributes_of(decision: Decision) -> Mapping[str, int | str]:
    """Return what is told of a decision."""
    reason = {"airbook.reason": decision.reason} if decision.reason else {}
    return {
        "airbook.reservation": decision.reservation,
        "airbook.outcome": decision.outcome,
        **reason,
    }


def nanoseconds(at: datetime) -> int:
    """Return a time in nanoseconds since 1970."""
    return int(at.timestamp() * 1000) * (NANOSECONDS // 1000)
