"""Fixtures of the tests in this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


@pytest.fixture
def airbook(tmp_path: Path) -> Home:
    """Return a home whose store holds the story of five seats and six customers."""
    home = Home(tmp_path)
    with open_log(home.store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    return home


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the language of this process to Korean, and its terminal to 80 columns."""
    for name, value in {"AIRBOOK_LANG": "ko", "LANGUAGE": "", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
