"""A removed or replaced file is detected."""

from __future__ import annotations

from pathlib import Path

from airbook.eventlog.log import Log
from tests.support.stores import open_log


def test_a_removed_or_replaced_file_is_gone(log: Log, path: Path) -> None:
    assert not log.diagnostics.is_gone()
    path.rename(path.with_name("elsewhere.db"))
    assert log.diagnostics.is_gone()
    with open_log(path) as another:
        assert (log.diagnostics.is_gone(), another.diagnostics.is_gone()) == (True, False)
