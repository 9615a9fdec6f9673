"""What a log keeps when it is closed."""

from __future__ import annotations

from airbook.application.stores.store import Store
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


def test_a_log_has_an_identity_of_its_own_and_keeps_it(store: Store, fresh: Fresh) -> None:
    with fresh.store() as another, open_log(store) as log, open_log(another) as other:
        first, second = log.identity, other.identity
    with open_log(store) as log:
        assert log.identity == first
    assert first != second


def test_a_log_that_was_closed_holds_everything(store: Store) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        before = log.after(0)
    with open_log(store) as log:
        assert (log.head(), log.after(0)) == (len(FIVE_SEATS_SIX_CUSTOMERS), before)
