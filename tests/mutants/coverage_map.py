"""Which tests run which lines, and how long each test takes: measured once, in a forked child."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import coverage
import pytest

from tests.mutants.forking import Children, say
from tests.mutants.running import Failures, cached_functions, run_one

FAILED = 1
SLOWER = 10  # how many times longer a test may take under a mutant, on a busy machine


class CoverageMap(NamedTuple):
    """seconds: by test. tests: by file and line, the tests that run it. at_import: lines by file.

    Tests are named by their node ids. A line that runs at import may be run by tests too.
    """

    seconds: Mapping[str, float]
    tests: Mapping[str, Mapping[int, Sequence[str]]]
    at_import: Mapping[str, Sequence[int]]

    def covering(self, file: str, lines: Iterable[int]) -> list[str]:
        """Return the tests that run any of some lines, the quickest first."""
        of_line = self.tests.get(file, {})
        found = {test for line in lines for test in of_line.get(line, ())}
        return sorted(found, key=lambda test: (self.seconds[test], test))

    def limits(self, patience: float) -> Mapping[str, float]:
        """Return the seconds after which each test counts as hanging, at least `patience`."""
        return {test: patience + SLOWER * seconds for test, seconds in self.seconds.items()}


class TestsFailError(Exception):
    """Tests fail without any mutant."""


def begin(files: Sequence[str]) -> coverage.Coverage:
    """Begin to record the lines of some files, given by absolute paths."""
    recording = coverage.Coverage(data_file=None, config_file=False, include=list(files))
    recording.set_option("run:core", "ctrace")  # the other core cannot tell which test ran a line
    recording.start()
    return recording


def measure(
    recording: coverage.Coverage, items: Sequence[pytest.Item], failures: Failures
) -> CoverageMap:
    """Run all tests in a child, which goes on recording; ends the recording in this process.

    Raises TestsFailError if a test fails, or could not be collected.
    """
    if failures.texts:
        raise TestsFailError("\n\n".join(failures.texts))

    def work(_: None, folder: Path) -> int:
        seconds = run_recorded(recording, items)
        if failures.texts:
            say(folder, "\n\n".join(failures.texts))
            return FAILED
        say(folder, json.dumps({"seconds": seconds, "tests": recorded(recording)}))
        return 0

    (ending,) = Children(work, at_once=1).run([None])
    recording.stop()
    if ending.code != 0:
        raise TestsFailError(ending.said or f"a child ended with {ending.code}")
    answer = json.loads(ending.said)
    at_import = {file: list(lines) for file, lines in recorded(recording).items()}
    tests = {
        file: {int(line): names for line, names in lines.items()}
        for file, lines in answer["tests"].items()
    }
    return CoverageMap(answer["seconds"], tests, at_import)


def run_recorded(recording: coverage.Coverage, items: Sequence[pytest.Item]) -> Mapping[str, float]:
    """Run tests, each under its name; returns the seconds that each took."""
    seconds = dict[str, float]()
    caches = cached_functions()
    for item, following in zip(items, [*items[1:], None], strict=True):
        for clear in caches:
            clear()
        recording.switch_context(item.nodeid)
        begun = time.perf_counter()
        run_one(item, following)
        seconds[item.nodeid] = time.perf_counter() - begun
    recording.stop()
    return seconds


def recorded(recording: coverage.Coverage) -> dict[str, dict[int, list[str]]]:
    """Return the lines recorded so far, by file, each with the tests that ran it."""
    measured = recording.get_data()
    return {
        file: {
            line: [name for name in names if name]
            for line, names in measured.contexts_by_lineno(file).items()
        }
        for file in measured.measured_files()
    }
