"""Reads accepted.toml: the mutants that change nothing anyone could notice, and the goals."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct, convert

from tests.mutants.mutations import Mutant


class AcceptedMutant(Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that no test need kill. It has no line number, which would change with the file."""

    file: str
    function: str
    before: str
    after: str
    reason: str

    def is_same(self, mutant: Mutant) -> bool:
        return (self.file, self.function, self.before, self.after) == (
            mutant.file,
            mutant.key.qualname,
            mutant.before,
            mutant.after,
        )


class Goal(Struct, frozen=True, forbid_unknown_fields=True):
    """The least share of killed mutants, in percent, of every file that a pattern matches."""

    files: str
    percent: float


class Expectations(Struct, frozen=True, forbid_unknown_fields=True):
    """What is expected of mutants: which are accepted, and how many are killed."""

    goals: Sequence[Goal] = ()
    accepted: Sequence[AcceptedMutant] = ()

    def accepts(self, mutant: Mutant) -> bool:
        return any(one.is_same(mutant) for one in self.accepted)

    def goal_of(self, file: str) -> float:
        """Return the goal of a file in percent; 0 if it has none."""
        return max((one.percent for one in self.goals if fnmatch(file, one.files)), default=0)

    def unmatched(self, mutants: Sequence[Mutant]) -> list[AcceptedMutant]:
        """Return what is accepted in the files of some mutants but is none of them any more."""
        files = {mutant.file for mutant in mutants}
        return [
            one
            for one in self.accepted
            if one.file in files and not any(one.is_same(mutant) for mutant in mutants)
        ]


def read_expectations(file: Path) -> Expectations:
    return convert(tomllib.loads(file.read_text()), Expectations)
