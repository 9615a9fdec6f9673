"""The health check of the image: which process it asks, and which one it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from airbook.cli.framework.options import GLOBAL_OPTIONS
from docker.probe import WITH_VALUE, Command, end
from tests.gateway.server import Gateway, serving
from tests.support.home import Home
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
LOOPS = "import time\nwhile True: time.sleep(0.01)"
COMPUTES = "while True: pass"
WAITS = "import time\ntime.sleep(600)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty folder for a store."""
    return Home(tmp_path)


@contextmanager
def process(code: str, *words: str) -> Generator[Command]:
    """Run a program for the duration of a block, as the process of a command."""
    with subprocess.Popen([sys.executable, "-c", code]) as started:
        try:
            yield Command(started.pid, [*words])
        finally:
            started.kill()


def command(gateway: Gateway) -> Command:
    return Command(gateway.process.pid, ["serve", "--port", str(gateway.port)])


def probing(of: Command, port: int) -> subprocess.Popen[str]:
    """Start the probe of a gateway."""
    code = (
        "import sys; from docker.probe import Command, probe;"
        f"sys.exit(probe(Command({of.pid}, ['serve', '--port', '{port}'])))"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=-1, text=True)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("serve --port 9", "serve"),
        ("reserve 1 --customer serve", "reserve"),
        ("--store serve daemon", "daemon"),
        ("-o json --home=/serve relay --to kafka://kafka/serve", "relay"),
        ("--version", ""),
        ("", ""),
    ],
)
def test_a_command_is_the_first_word_that_belongs_to_no_option(line: str, name: str):
    assert Command(0, line.split()).name == name


def test_the_options_with_a_value_are_those_of_the_command_line():
    taking = [
        one for option in GLOBAL_OPTIONS if option.meaning is None for one in option.spellings
    ]
    assert sorted(WITH_VALUE) == sorted(taking)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("serve", ("127.0.0.1", 8080)),
        ("serve --host 0.0.0.0 --port=9", ("127.0.0.1", 9)),
        ("serve --host :: --port 8 --port 9", ("::1", 9)),
        ("serve --host 172.18.0.3", ("172.18.0.3", 8080)),
        ("daemon --health-port 9100", ("127.0.0.1", 9100)),
        ("daemon --health-host=10.0.0.2 --health-port=9100", ("10.0.0.2", 9100)),
        ("daemon", None),
        ("relay --to kafka://kafka:9092/airbook --port 9", None),
        ("reserve 1 --customer serve", None),
    ],
)
def test_a_command_is_asked_where_it_answers(line: str, address: tuple[str, int] | None):
    assert Command(0, line.split()).address == address


@pytest.mark.parametrize("code", [LOOPS, COMPUTES], ids=["comes round", "computes"])
def test_a_process_without_a_port_lives_while_it_works(code: str):
    with process(code, "relay") as relay:
        assert {relay.verdict(1.0) for _ in range(3)} == {"alive"}


def test_a_process_without_a_port_that_only_waits_counts_as_hung():
    with process(WAITS, "relay") as relay:
        pid = relay.pid
        until(lambda: Command(pid, ["relay"]).verdict(1.0) == "hung", "the process to wait")


def test_a_command_that_a_person_waits_for_may_wait():
    with process(WAITS, "wait", "1") as waiting:
        assert waiting.verdict(1.0) == "alive"


def test_a_gateway_that_goes_on_before_it_is_ended_is_not_ended(home: Home):
    with serving(home) as gateway:
        hung = command(gateway)
        os.kill(gateway.process.pid, signal.SIGSTOP)
        assert hung.verdict(1.0) == "hung"
        os.kill(gateway.process.pid, signal.SIGCONT)
        until(lambda: hung.verdict(1.0) == "alive", "the gateway to go on")
        end(hung)
        assert gateway.get("/actuator/health/liveness").status == 200


def test_the_probe_reports_a_gateway_that_hangs_and_ends_it(home: Home):
    with serving(home) as gateway:
        os.kill(gateway.process.pid, signal.SIGSTOP)
        with probing(command(gateway), gateway.port) as probe:
            assert (probe.communicate()[0], probe.returncode) == ("hung\n", 1)
        assert gateway.process.end().code == -signal.SIGKILL


def test_a_container_that_was_paused_goes_on(home: Home):
    """The engine stops the gateway and the probe that has just begun to ask it, at once."""
    with serving(home) as gateway:
        both = [gateway.process.pid]
        os.kill(gateway.process.pid, signal.SIGSTOP)
        with probing(command(gateway), gateway.port) as probe:
            both.append(probe.pid)
            time.sleep(0.5)
            os.kill(probe.pid, signal.SIGSTOP)
            time.sleep(7.0)
            for pid in both:
                os.kill(pid, signal.SIGCONT)
            assert (probe.communicate()[0], probe.returncode) == ("alive\n", 0)
        assert gateway.get("/actuator/health/liveness").status == 200
