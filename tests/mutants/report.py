"""The report: a table of files, the survivors with the line before and after, what is missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.mutants.accepted import AcceptedMutant, Expectations
from tests.mutants.verdicts import Fate, Verdict

SURVIVING: tuple[Fate, ...] = ("survived", "not covered")


class FileCount(NamedTuple):
    """The verdicts of one file, counted. percent: the killed share of killed and survived."""

    file: str
    mutants: int
    killed: int
    survived: int
    accepted: int
    at_import: int
    goal: float

    @property
    def percent(self) -> float:
        tried = self.killed + self.survived
        return 100 * self.killed / tried if tried else 100.0

    @property
    def is_missed(self) -> bool:
        return self.percent < self.goal


def count(verdicts: Sequence[Verdict], expectations: Expectations) -> list[FileCount]:
    """Count the verdicts of each file."""
    return [
        FileCount(
            file,
            len(fates),
            killed=fates.count("killed"),
            survived=sum(fate in SURVIVING for fate in fates),
            accepted=fates.count("accepted"),
            at_import=fates.count("only at import"),
            goal=expectations.goal_of(file),
        )
        for file in sorted({one.mutant.file for one in verdicts})
        if (fates := [one.fate for one in verdicts if one.mutant.file == file])
    ]


def report(
    verdicts: Sequence[Verdict], counts: Sequence[FileCount], unmatched: Sequence[AcceptedMutant]
) -> Iterator[str]:
    """Return the lines of the report."""
    for one in sorted(verdicts, key=lambda one: (one.mutant.file, one.mutant.line)):
        if one.fate in SURVIVING:
            where = f"{one.mutant.file}:{one.mutant.line}: {one.mutant.key.qualname}"
            yield where + (" (no test runs it)" if one.fate == "not covered" else "")
            yield f"  - {one.mutant.before}"
            yield f"  + {one.mutant.after}"
    for accepted in unmatched:
        yield f"accepted, but no such mutant any more: {accepted.file}: {accepted.function}"
        yield f"  - {accepted.before}"
        yield f"  + {accepted.after}"
    yield from table(counts)


def table(counts: Sequence[FileCount]) -> Iterator[str]:
    """Return a row for each file, and one for all of them."""
    whole = FileCount(
        "all files",
        mutants=sum(one.mutants for one in counts),
        killed=sum(one.killed for one in counts),
        survived=sum(one.survived for one in counts),
        accepted=sum(one.accepted for one in counts),
        at_import=sum(one.at_import for one in counts),
        goal=0.0,
    )
    width = max(len(one.file) for one in [*counts, whole])
    yield ""
    yield f"{'file':{width}}  mutants  killed  survived  accepted  at import  % killed"
    for one in [*counts, whole]:
        goal = f"  below the goal of {one.goal:g} %" if one.is_missed else ""
        yield (
            f"{one.file:{width}}  {one.mutants:7}  {one.killed:6}  {one.survived:8}"
            f"  {one.accepted:8}  {one.at_import:9}  {one.percent:8.1f}{goal}"
        )
