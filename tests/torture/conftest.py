"""The fixtures of the long tests, and their measurements at the end of the report."""

from __future__ import annotations

import pytest

from tests.faults.homes import distant, home, served

__all__ = ["distant", "home", "served"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []):
        if report.user_properties:
            measured = ", ".join(f"{name} {value}" for name, value in report.user_properties)
            terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {measured}")
