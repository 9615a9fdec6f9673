"""A log that was closed and is opened again has the same identity and the same events."""

from __future__ import annotations

from airbook.application.stores.store import Store
from tests.support.fresh_stores import FreshLogs
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


def test_two_logs_have_different_identities(fresh_logs: FreshLogs) -> None:
    with fresh_logs.log() as one, fresh_logs.log() as other:
        assert one.identity == one.identity != other.identity


def test_a_log_that_was_closed_has_the_same_identity(store: Store) -> None:
    with open_log(store) as log:
        identity = log.identity
    with open_log(store) as log:
        assert log.identity == identity


def test_a_log_that_was_closed_has_the_same_events(store: Store) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        before = log.after(0)
    with open_log(store) as log:
        assert (log.head(), log.after(0)) == (len(FIVE_SEATS_SIX_CUSTOMERS), before)
