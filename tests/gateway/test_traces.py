"""One trace from the HTTP request through its commit and its decision to the visible row."""

from __future__ import annotations

from tests.gateway.server import serving
from tests.support.collector import Collector, Spanned, collecting
from tests.support.home import Home
from tests.support.waiting import until

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def one(collector: Collector, name: str, trace: str = TRACE) -> Spanned:
    (found,) = [span for span in collector.spans if (span.name, span.trace) == (name, trace)]
    return found


def test_the_spans_of_a_reservation_are_in_the_trace_of_its_client(either: Home) -> None:
    assert either.here("admin", "add-plane", "--seats", "1").code == 0
    with collecting() as collector:
        settings = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }
        daemon = either.start("daemon", **settings)
        try:
            with serving(either, **settings) as gateway:
                sent = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
                reply = gateway.post("/reservations", {"airPlaneId": 1}, **sent)
                assert reply.status == 201
                until(lambda: "show" in {span.name for span in collector.spans}, "the row")
        finally:
            assert daemon.stop().code == 0
        until(lambda: "POST" in {span.name for span in collector.spans}, "the request")
        request, commit, decide, show = (
            one(collector, name) for name in ("POST", "commit", "decide", "show")
        )
        assert (request.service, request.parent, request.attributes) == (
            "airbook-gateway",
            CALLER,
            {
                "http.request.method": "POST",
                "http.route": "/reservations",
                "http.response.status_code": "201",
            },
        )
        approved = {"airbook.reservation": "1", "airbook.outcome": "approved"}
        stored = {"airbook.position": "2", "airbook.commit.transactions": "1"}
        assert [
            (span.service, span.parent, span.attributes) for span in (commit, decide, show)
        ] == [
            ("airbook-gateway", request.id, stored),
            ("airbook-daemon", request.id, approved),
            ("airbook-daemon", request.id, approved),
        ]
        assert decide.begun <= decide.end <= show.end
        assert request.begun <= commit.begun <= commit.end <= request.end


def test_the_context_is_in_the_event_of_a_traced_request_and_in_no_other(home: Home) -> None:
    with collecting() as collector:
        with serving(home, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as gateway:
            assert gateway.post("/admins", {"seatQty": 1}).status == 201
        with serving(home) as gateway:
            sent = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
            assert gateway.post("/reservations", {"airPlaneId": 1}, **sent).status == 201
        assert home("daemon", "--until-idle").code == 0
        with home.airbook() as airbook:
            traces = [recorded.trace for recorded in airbook.log.after(0)]
            traced = [trace and trace.rpartition("-")[0] for trace in traces]  # without its flags
        (request,) = [span for span in collector.spans if span.name == "POST"]
        assert traced == [f"00-{request.trace}-{request.id}", None, None, None]


def test_a_collector_that_is_away_keeps_nothing_back(home: Home) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    with serving(home, **settings) as gateway:
        assert gateway.post("/admins", {"seatQty": 1}).status == 201
    ended = home("daemon", "--until-idle", **settings)
    assert (ended.code, "Traceback" in ended.err) == (0, False)
