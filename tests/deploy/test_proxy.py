"""The configuration of the proxy, run by HAProxy without a gateway behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

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


def test_the_figures_do_not_pass_the_proxy_however_their_path_is_written(
    haproxy: str, tmp_path: Path
):
    """The proxy itself answers 404; what passes it is answered with 503, without a gateway."""
    written = tmp_path / "haproxy.cfg"
    with reserved_port() as port:
        own = CONFIGURATION.read_text().replace("bind :8080", f"bind 127.0.0.1:{port}")
        written.write_text(own)
        process = Process.of([haproxy, "-db", "-f", str(written)], os.environ, tmp_path)
        try:
            proxy = Gateway(process, port)
            until(proxy.is_listening, "the proxy to listen")
            paths = (
                "/metrics",
                "/%6detrics",
                "//metrics",
                "/%2Fmetrics",
                "/metrics/",
                "/airplanes",
            )
            answered = {path: proxy.get(path).status for path in paths}
        finally:
            process.stop()
    assert answered == dict.fromkeys(paths[:-1], 404) | {"/airplanes": 503}
