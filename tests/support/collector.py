"""A collector of OpenTelemetry: it receives spans over OTLP and keeps them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Spanned(NamedTuple):
    """A span. attributes: as text, by name. parent: the id of a span, "" for none."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    begun: int
    end: int
    attributes: dict[str, str]


class Collector:
    """spans: those that were received, in their order. url: where it listens."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.spans = list[Spanned]()

    def receive(self, body: bytes) -> None:
        """Keep the spans of one message."""
        for of_process in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = {one.key: one.value.string_value for one in of_process.resource.attributes}
            for scope in of_process.scope_spans:
                for one in scope.spans:
                    attributes = {
                        kept.key: kept.value.string_value or str(kept.value.int_value)
                        for kept in one.attributes
                    }
                    self.spans.append(
                        Spanned(
                            resource["service.name"],
                            one.name,
                            one.trace_id.hex(),
                            one.span_id.hex(),
                            one.parent_span_id.hex(),
                            one.start_time_unix_nano,
                            one.end_time_unix_nano,
                            attributes,
                        )
                    )


@contextmanager
def collecting() -> Generator[Collector]:
    """Run a collector for the duration of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.receive(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(server.server_port)
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
