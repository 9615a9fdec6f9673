"""Texts that are no UTF-8, which only a damaged file holds, are read like any other."""

from __future__ import annotations

from pathlib import Path

from tests.support.altering import NOT_UTF8, alter
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


def test_one_text_that_is_no_utf8_changes_no_other_row(path: Path) -> None:
    with open_log(path) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        stored = log.rows_after(0, 100)
    damaged = stored[3]._replace(topic="\N{REPLACEMENT CHARACTER}" * 2 + "A")
    statement = f"UPDATE stored_events SET topic = {NOT_UTF8} WHERE rowid = 4"  # noqa: S608 -- ours
    assert alter(path, statement)
    with open_log(path) as log:
        for _ in ("before", "after"):
            assert log.rows_after(0, 100) == [*stored[:3], damaged, *stored[4:]]
            assert log.rows_after(4, 100) == stored[4:]
