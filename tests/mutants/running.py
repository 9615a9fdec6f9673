"""Running collected tests in this process, each with a time limit, up to the first failure."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import _lru_cache_wrapper  # pyright: ignore[reportPrivateUsage] -- no public name
from typing import Any

import pytest


def pytest_options(tests: Sequence[str], marks: str) -> list[str]:
    """Return the options under which tests run in the warm process, the same in each run."""
    # The tool has time limits of its own, and pytest must not write into the report.
    plugins = ("xdist", "cacheprovider", "terminal")
    return [
        *(argument for name in plugins for argument in ("-p", f"no:{name}")),
        *("-o", "timeout=0", "-m", marks, *tests),
    ]


def repeat_examples() -> None:
    """Let hypothesis choose the same examples in each run, without making a failing one smaller."""
    if "hypothesis" not in sys.modules:
        return
    import hypothesis  # pytest must be the first that imports a plugin, and a project may have none

    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "mutants", deadline=None, database=None, derandomize=True, phases=phases
    )
    hypothesis.settings.load_profile("mutants")


class Failures:
    """A pytest plugin that keeps what failed, as text."""

    def __init__(self) -> None:
        self.texts = list[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.texts.append(f"{report.nodeid} ({report.when})\n{report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.texts.append(f"{report.nodeid}\n{report.longreprtext}")


def run_one(item: pytest.Item, following: pytest.Item | None, limit: float = 0) -> None:
    """Run a test. limit: the seconds after which SIGALRM ends this process; 0 is no limit."""
    signal.setitimer(signal.ITIMER_REAL, limit)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    signal.setitimer(signal.ITIMER_REAL, 0)


def first_failure(
    items: Sequence[pytest.Item], limits: Mapping[str, float], failures: Failures
) -> pytest.Item | None:
    """Run tests in order until one fails; return it, or None."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        run_one(item, following, limits[item.nodeid])
        if failures.texts:
            return item
    return None


def cached_functions() -> list[Callable[[], None]]:
    """Find the caches of functions: a test that finds them filled does not run the function."""
    wrappers: list[_lru_cache_wrapper[Any]] = [
        one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)
    ]
    return [one.cache_clear for one in wrappers]
