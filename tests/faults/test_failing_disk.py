"""A disk that fails is reported in one sentence; when it works again, so does airbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.failing import FAILURES, fails_at_its_writes, fails_under_a_daemon
from tests.faults.killing import SCENES
from tests.faults.trace import Call

SOME = ("the first reservation of a new store", "more decisions")


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("failure", ["once", "being full"])
def test_it_fails_at_a_few_writes(name: str, failure: str, tmp_path: Path) -> None:
    assert fails_at_its_writes(SCENES[name], tmp_path, FAILURES[failure], 2) == 2


@pytest.mark.parametrize(
    ("call", "fault"),
    [(Call("fdatasync", 4), "error=EIO"), (Call("pwrite64", 60), "error=ENOSPC")],
)
def test_it_fails_under_a_daemon_at_work(call: Call, fault: str, tmp_path: Path) -> None:
    fails_under_a_daemon(tmp_path, call, fault)
