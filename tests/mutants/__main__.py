"""Mutation testing: `make mutants` changes one thing at a time and asks whether a test notices.

    make mutants                          product files changed since the upstream, or in the tree
    make mutants BASE=HEAD~5              … changed since a commit
    make mutants FILES="a.py b.py"        these files; FILES=all for every product file

The tests are collected once. They run once in a forked child, which records the lines that each
test runs; then each mutant gets a forked child of the warm process, gives the changed code to the
live functions, and runs the tests that cover the changed lines, the quickest first, until one
fails. A test that hangs counts as failed.

Only function bodies are changed: the statements of a module, defaults of parameters and class
bodies run when they are imported, which was before the fork. Neither docstrings, annotations,
prose (texts with spaces, the literal parts of f-strings) nor the messages of errors are changed.
A function that runs only at import is listed under "at import" and not tried.

mutmut copies the tree and takes the name of a module from its path, which fails for the portions of
a namespace (`domain/airbook/domain` is `airbook.domain`); cosmic-ray starts a process a mutant.

A survivor that is equivalent to the original is accepted in accepted.toml, with the reason. The
exit code is 1 if a file is below its goal there, and 2 if the tests fail without any mutant.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from tests.mutants import coverage_map
from tests.mutants.accepted import Expectations, Goal, read_expectations
from tests.mutants.chosen_files import changed_files, product_files
from tests.mutants.mutations import mutants_of
from tests.mutants.report import count, report
from tests.mutants.running import pytest_options
from tests.mutants.verdicts import Trial, Verdict

MARKS = "(unit or contract) and not postgres and not torture"


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("files", nargs="*", help="product files, or all; default: changed files")
    parser.add_argument("--base", help="the commit since which files changed")
    parser.add_argument("--tests", nargs="+", default=["tests"], help="folders or files of tests")
    parser.add_argument("--marks", default=MARKS, help="the tests that run, as for pytest -m")
    parser.add_argument("--goal", type=float, help="percent killed, instead of accepted.toml's")
    parser.add_argument("--accepted", type=Path, default=Path(__file__).with_name("accepted.toml"))
    parser.add_argument("--patience", type=float, default=10, help="seconds for each test at least")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="children")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Try the mutants of the chosen files; returns the exit code."""
    chosen, root = arguments(words), Path.cwd()
    files = product_files(root) if chosen.files == ["all"] else chosen.files
    files = files or changed_files(root, chosen.base)
    expectations = read_expectations(chosen.accepted)
    if chosen.goal is not None:
        expectations = Expectations([Goal("*", chosen.goal)], expectations.accepted)
    mutants = [
        mutant
        for file in files
        for mutant in mutants_of((root / file).read_text(), file, str(root / file))
    ]
    if not mutants:
        print("No product file changed; name some: make mutants FILES=…, or FILES=all.")
        return 0
    accepted = [one for one in mutants if expectations.accepts(one)]
    trial = Trial(
        [one for one in mutants if one not in accepted],
        coverage_map.begin([str(root / file) for file in files]),
        at_once=chosen.at_once,
        patience=chosen.patience,
        progress=show_progress,
    )
    status = pytest.main(pytest_options(chosen.tests, chosen.marks), plugins=[trial])
    if status == pytest.ExitCode.INTERRUPTED:
        return 130
    if trial.error or status != pytest.ExitCode.OK:
        print(f"The tests fail without any mutant.\n\n{trial.error or status}", file=sys.stderr)
        return 2
    verdicts = [*trial.verdicts, *(Verdict(one, "accepted") for one in accepted)]
    counts = count(verdicts, expectations)
    print(*report(verdicts, counts, expectations.unmatched(mutants)), sep="\n")
    return 1 if any(one.is_missed for one in counts) else 0


def show_progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
