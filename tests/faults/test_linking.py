"""A store that is reached by two names loses nothing."""

from __future__ import annotations

from pathlib import Path

from tests.faults.linking import hard_linked, symbolically_linked


def test_a_hard_link_is_refused_until_one_name_is_left(tmp_path: Path) -> None:
    hard_linked(tmp_path)


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    symbolically_linked(tmp_path)
