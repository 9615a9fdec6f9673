"""A disk is full for a while: the daemon stays, and goes on when there is room."""

from __future__ import annotations

from pathlib import Path

from tests.faults.filling import (
    log_is_full_for_a_while,
    nothing_grows_for_a_while,
    views_are_full_for_a_while,
)
from tests.support.home import Home


def test_a_daemon_stays_while_the_disk_is_full(tmp_path: Path) -> None:
    nothing_grows_for_a_while(Home(tmp_path), times=1)


def test_views_go_on_while_the_log_cannot_grow(tmp_path: Path) -> None:
    log_is_full_for_a_while(Home(tmp_path))


def test_decisions_go_on_while_the_views_cannot_grow(tmp_path: Path) -> None:
    views_are_full_for_a_while(Home(tmp_path))
