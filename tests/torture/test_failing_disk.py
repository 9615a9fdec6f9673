"""A disk that fails is reported in one sentence; when it works again, so does airbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.failing import FAILURES, fails_at_its_writes
from tests.faults.killing import SCENES

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("failure", FAILURES)
def test_it_fails_at_many_writes(name: str, failure: str, tmp_path: Path) -> None:
    many = 30 if failure == "once" else 10
    assert fails_at_its_writes(SCENES[name], tmp_path, FAILURES[failure], many) > 0


@pytest.mark.parametrize("name", SCENES)
def test_it_fails_at_many_reads(name: str, tmp_path: Path) -> None:
    reads = ("pread64",)
    assert fails_at_its_writes(SCENES[name], tmp_path, FAILURES["once"], 10, reads) > 0
