"""The page of promises: every test that it names exists, and the other pages lead to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/promises.md"
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE.read_text())))


@pytest.mark.parametrize("file", NAMED)
def test_a_test_that_the_page_names_exists(file: str) -> None:
    assert (ROOT / file).is_file()


def test_every_promise_and_every_fault_names_a_test() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    bare = [row for row in rows if not re.search(r"`tests/[\w/]+\.py` \|$", row)]
    assert [row.split(" | ")[0] for row in bare] == ["| promise", "| fault"]


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "ARCHITECTURE.md"])
def test_a_page_leads_to_the_promises(page: str) -> None:
    assert "(docs/promises.md)" in (ROOT / page).read_text()
