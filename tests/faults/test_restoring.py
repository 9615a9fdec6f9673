"""Views that are newer than the restored log are rebuilt."""

from __future__ import annotations

import pytest

from tests.faults.restoring import older_log_beside_newer_views
from tests.support.home import Home

SEED = 20_261_122


@pytest.mark.parametrize("grown", [0, 25])
def test_an_older_log_is_restored_beside_newer_views(home: Home, grown: int) -> None:
    older_log_beside_newer_views(home, grown=grown, decided=True, seed=SEED)
