"""The configuration of the proxy, run by HAProxy without a gateway behind it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.gateway.server import Gateway
from tests.support.ports import reserved_port
from tests.support.running import Process
from tests.support.waiting import until

CONFIGURATION = Path(__file__).parents[2] / "docker/proxy/haproxy.cfg"


@pytest.fixture
def haproxy() -> str:
    """Return the program of the proxy."""
    program = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("haproxy is not installed: apt-get install haproxy")
    return program


def test_the_proxy_accepts_its_configuration(haproxy: str):
    read = [haproxy, "-c", "-f", str(CONFIGURATION)]
    ended = subprocess.run(read, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@contextmanager
def proxy_before(haproxy: str, folder: Path, server: str) -> Generator[Gateway]:
    """Run the proxy before gateways at one address. server: the host and the port."""
    written = folder / "haproxy.cfg"
    with reserved_port() as port:
        own = CONFIGURATION.read_text().replace("bind :8080", f"bind 127.0.0.1:{port}")
        written.write_text(re.sub(r"gateway-\d:8080", server, own))
        process = Process.of([haproxy, "-db", "-f", str(written)], os.environ, folder)
        try:
            proxy = Gateway(process, port)
            until(proxy.is_listening, "the proxy to listen")
            yield proxy
        finally:
            process.stop()


def test_the_figures_do_not_pass_the_proxy_however_their_path_is_written(
    haproxy: str, tmp_path: Path
):
    """The proxy itself answers 404; what passes it is answered with 503, without a gateway."""
    paths = ("/metrics", "/%6detrics", "//metrics", "/%2Fmetrics", "/metrics/", "/airplanes")
    with reserved_port() as nowhere, proxy_before(haproxy, tmp_path, f"127.0.0.1:{nowhere}") as one:
        answered = {path: one.get(path).status for path in paths}
    assert answered == dict.fromkeys(paths[:-1], 404) | {"/airplanes": 503}


class Falling(BaseHTTPRequestHandler):
    """A gateway that is ready, and falls at each request without an answer."""

    received: ClassVar[Counter[tuple[str, str]]] = Counter()

    def do_GET(self) -> None:
        if self.path.startswith("/actuator/"):
            self.send_response(200)
            self.end_headers()
        else:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.received[self.command, self.path] += 1

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def test_a_request_that_may_have_been_executed_is_sent_again_only_if_that_is_harmless(
    haproxy: str, tmp_path: Path
):
    with ThreadingHTTPServer(("127.0.0.1", 0), Falling) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            with proxy_before(haproxy, tmp_path, f"127.0.0.1:{server.server_port}") as proxy:
                proxy.get("/airplanes")
                for path in ("/api/v1/reservations?keyed", "/reservations?keyed"):
                    proxy.post(path, {}, **{"Idempotency-Key": "a"})
                proxy.post("/api/v1/reservations", {})
        finally:
            server.shutdown()
            thread.join()
    sent_again = {asked for asked, times in Falling.received.items() if times > 1}
    assert sent_again == {("GET", "/airplanes"), ("POST", "/api/v1/reservations?keyed")}
    assert len(Falling.received) == 4
