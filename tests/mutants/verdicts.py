"""The verdict on each mutant: the tests that cover it run in a forked child until one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import coverage
import pytest

from tests.mutants.coverage_map import CoverageMap, TestsFailError, measure
from tests.mutants.forking import Children, say
from tests.mutants.mutations import Mutant
from tests.mutants.running import Failures, first_failure, repeat_examples
from tests.mutants.swapping import LiveFunctions

SURVIVED, KILLED = 0, 1
Fate = Literal["killed", "survived", "not covered", "only at import", "accepted"]


class Verdict(NamedTuple):
    """What became of a mutant.

    fate: "only at import" if no test runs its lines, but an import does: it cannot be tried.
    """

    mutant: Mutant
    fate: Fate


class Trial:
    """A pytest plugin that tries mutants instead of running the collected tests once."""

    def __init__(
        self,
        mutants: Sequence[Mutant],
        recording: coverage.Coverage,
        *,
        at_once: int,
        patience: float,
        progress: Callable[[int, int], None],
    ) -> None:
        """Begin without a verdict.

        at_once: the number of children. patience: the seconds that each test may take at least.
        progress: is told how many mutants were tried, and how many there are.
        """
        self.mutants = mutants
        self.recording = recording
        self.at_once = at_once
        self.patience = patience
        self.progress = progress
        self.failures = Failures()
        self.verdicts = list[Verdict]()
        self.error: Exception | None = None
        self._quick_killers = dict[str, pytest.Item]()

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.failures)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        repeat_examples()  # after conftest.py has chosen a profile, and before a test uses it

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure, then try; True tells pytest that there is nothing left to run."""
        self.progress(0, len(self.mutants))
        try:
            covered = measure(self.recording, session.items, self.failures)
            self.verdicts += self._try_all(session, covered)
        except (TestsFailError, RuntimeError) as error:
            self.error = error
        return True

    def _try_all(self, session: pytest.Session, covered: CoverageMap) -> Iterator[Verdict]:
        live = LiveFunctions({one.key.file for one in self.mutants})
        items = {item.nodeid: item for item in session.items}
        limits = covered.limits(self.patience)

        def work(mutant: Mutant, folder: Path) -> int:
            tests = [items[test] for test in covered.covering(mutant.key.file, mutant.lines)]
            first = self._quick_killers.get(mutant.key.file)
            tests.sort(key=lambda test: test is not first)
            live.become(mutant)
            try:
                killer = first_failure(tests, limits, self.failures)
            except BaseException:  # noqa: BLE001 -- the mutant broke pytest itself
                return KILLED
            say(folder, killer.nodeid if killer else "")
            return KILLED if killer else SURVIVED

        tried = list[Mutant]()
        for mutant in self.mutants:
            if covered.covering(mutant.key.file, mutant.lines):
                tried.append(mutant)
            elif mutant.lines & set(covered.at_import.get(mutant.key.file, ())):
                yield Verdict(mutant, "only at import")
            else:
                yield Verdict(mutant, "not covered")
        endings = Children(work, self.at_once).run(tried)
        for done, ending in enumerate(endings, 1):
            self.progress(done, len(tried))
            if ending.said:  # neighbouring mutants are often killed by the same test
                self._quick_killers[ending.job.key.file] = items[ending.said]
            yield Verdict(ending.job, "survived" if ending.code == SURVIVED else "killed")
