"""Fixtures of the tests that run containers; without an engine they say why they are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.containers.building import build, is_built, name
from tests.containers.containers import Machine, machine
from tests.containers.engine import Engine, NoEngineError, find_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine of this machine, started if none runs."""
    try:
        return find_engine()
    except NoEngineError as error:
        pytest.skip(f"No container can be run: {error}.")


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """Build the image of these sources, unless it is there."""
    try:
        return name() if is_built(engine) else build(engine)
    except NoEngineError as error:
        pytest.skip(f"No image can be built: {error}.")


@pytest.fixture
def here(engine: Engine, image: str) -> Iterator[Machine]:
    """Return where a test starts containers."""
    with machine(engine, image) as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report the figures of the tests, and plainly what could not be run."""
    for report in terminalreporter.stats.get("passed", []):
        if report.user_properties:
            measured = ", ".join(f"{name} {value}" for name, value in report.user_properties)
            terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {measured}")
