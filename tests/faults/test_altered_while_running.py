"""A log that is changed behind the back of a running daemon: its figure turns."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

from tests.support.home import Home
from tests.support.ports import reserved_port
from tests.support.probing import probe
from tests.support.running import Process
from tests.support.tampering import tamper
from tests.support.waiting import until

# A daemon that rests for a moment between two passes over its log, instead of a minute.
RESTLESS = (
    "import sys; from airbook.daemon import verifier; from airbook.cli.main import main;"
    "verifier.REST_SECONDS = verifier.FIRST_SECONDS = 0.2;"
    "sys.exit(main(sys.argv[1:]))"
)


def chain(port: int) -> Mapping[str, float]:
    """Scrape a daemon; returns the figures of its chain, by what follows airbook_chain_."""
    answer = probe(port, "/metrics", seconds=60)
    assert answer is not None
    return {
        sample.name.removeprefix("airbook_chain_"): sample.value
        for family in text_string_to_metric_families(answer.body)
        for sample in family.samples
        if sample.name.startswith("airbook_chain_")
    }


def test_a_byte_of_an_old_event_changed_under_a_daemon_turns_its_figure(home: Home) -> None:
    assert home.here("admin", "add-plane", "--seats", "2").code == 0
    for name in ("kim", "lee"):
        assert home.here("reserve", "1", "--customer", name).code == 0
    with home.airbook() as airbook:
        state = bytearray(airbook.log.rows_after(1, 1)[0].state)
    state[-2] ^= 1
    with reserved_port() as port:
        words = ["daemon", "--health-port", str(port)]
        command = [sys.executable, "-c", RESTLESS, *words]
        daemon = Process.of(command, home.environment, home.folder)
        try:
            until(lambda: probe(port, "/actuator/health/readiness"), "the daemon to listen")
            until(lambda: chain(port).get("verified_timestamp_seconds"), "a pass")
            assert chain(port)["broken_commits"] == 0
            tamper(
                home.kept, "UPDATE stored_events SET state = ? WHERE {position} = 2", bytes(state)
            )
            until(lambda: chain(port)["broken_commits"] == 1, "the figure to turn")
        finally:
            answer = daemon.stop()
    assert answer.code == 0
    assert answer.err.count("chain_broken") == 1
