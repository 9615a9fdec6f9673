"""A store that is no longer there is noticed by all that have it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.vanishing import FATES, under_a_daemon, under_a_writer


@pytest.mark.parametrize("fate", FATES)
def test_a_writer_acknowledges_nothing_that_would_be_lost(fate: str, tmp_path: Path) -> None:
    under_a_writer(tmp_path, FATES[fate])


@pytest.mark.parametrize("fate", FATES)
def test_a_daemon_goes_on_with_the_next_file(fate: str, tmp_path: Path) -> None:
    under_a_daemon(tmp_path, FATES[fate])
