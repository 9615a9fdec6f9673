"""The READMEs: their commands with containers are run, in order, and print what they show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from shlex import join

import pytest

from tests.containers.building import version
from tests.containers.compose import Stack, stack
from tests.containers.containers import PATIENCE
from tests.containers.engine import Engine
from tests.docs.terminal import Terminal
from tests.docs.test_readme import LOCALES, Shown, shown_in, without_what_varies
from tests.support.home import ROOT
from tests.support.ports import reserved_port
from tests.support.waiting import until

COMPOSE = "docker compose -f docker/compose.yaml"
STARTS, ENDS = f"{COMPOSE} up --detach", f"{COMPOSE} down"
COLUMNS = 130


def run(shown: Shown, started: Stack, port: str, environment: Mapping[str, str]) -> list[str]:
    """Run a command of a README on a terminal; returns what it printed."""
    words = shown.command.replace(COMPOSE, join(started.command))
    words = words.replace("localhost:8080", f"localhost:{port}")
    # An answer of HTTP may end without the end of a line.
    words += "; code=$?; echo; echo over: $code"
    with Terminal(words, environment, COLUMNS) as terminal:
        until(lambda: is_over(terminal.until(is_over)), f"the end of {shown.command}", PATIENCE)
        lines = terminal.lines()
    assert lines[-1] == "over: 0", lines
    if shown.command == STARTS:
        for service in ("gateway", "daemon"):
            started.container(service).await_health()
    return lines[:-1] if shown.command not in {STARTS, ENDS} else []


def is_over(lines: list[str]) -> bool:
    return "over: " in "".join(lines[-1:])


@pytest.mark.parametrize(
    "readme", ["README.md", pytest.param("README.ko.md", marks=pytest.mark.long)]
)
def test_a_readme_shows_what_happens(engine: Engine, image: str, readme: str):
    assert "`make image`" in (ROOT / readme).read_text()
    with ExitStack() as open_:
        port = str(open_.enter_context(reserved_port()))
        own = {"AIRBOOK_PORT": port, "AIRBOOK_VERSION": version(), "LANG": LOCALES[readme]}
        started = open_.enter_context(stack(engine, "compose.yaml", own))
        for shown in shown_in(readme, in_containers=True):
            seen = run(shown, started, port, {**os.environ, **own, "TERM": "xterm"})
            expected = without_what_varies(shown.lines, shown.command)
            assert without_what_varies(seen, shown.command) == expected, shown.command
