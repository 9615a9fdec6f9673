"""A transaction that is repeated under the same idempotency key is stored once."""

from __future__ import annotations

from functools import partial

import pytest

from airbook.application.stores.store import Store
from airbook.domain.refusal import Refused
from airbook.eventlog.log import Log
from airbook.eventlog.records import Customer, Receipt, Transaction
from tests.support.other_processes import reserve, reserving
from tests.support.processes import at_once
from tests.support.stores import everything_in, open_log
from tests.support.stories import moment


def test_the_same_key_again_gets_the_first_receipt_and_changes_nothing(
    log: Log, store: Store
) -> None:
    assert log.append(reserving("a")) == Receipt(1, 1)
    assert log.append(reserving("b")) == Receipt(2, 2)
    before = everything_in(store)
    assert log.append(reserving("a")) == Receipt(1, 1, repeated=True)
    assert everything_in(store) == before


def test_the_first_receipt_is_returned_although_a_repetition_would_conflict(any_log: Log) -> None:
    transaction = reserving("a", customer=Customer("c1", "kim"))
    assert any_log.append(transaction) == Receipt(1, 1)
    assert any_log.append(transaction) == Receipt(1, 1, repeated=True)


def test_the_same_key_with_other_contents_is_refused(log: Log, store: Store) -> None:
    log.append(reserving("a", airplane=1))
    before = everything_in(store)
    with pytest.raises(Refused) as refused:
        log.append(reserving("a", airplane=2))
    assert (refused.value.code, refused.value.values) == ("key_reused", {"key": "a"})
    assert everything_in(store) == before


def test_a_key_is_kept_after_the_log_was_closed(store: Store) -> None:
    with open_log(store) as log:
        log.append(reserving("a"))
    with open_log(store) as log:
        assert log.append(reserving("a")) == Receipt(1, 1, repeated=True)


@pytest.mark.process
def test_four_processes_with_the_same_keys_get_the_same_receipts(store: Store) -> None:
    answers = at_once(*(partial(reserve, store, "a", 25) for _ in range(4)))
    assert {
        tuple((receipt.number, receipt.position) for receipt in receipts) for receipts in answers
    } == {tuple((number, number) for number in range(1, 26))}
    firsts = [receipt for receipts in answers for receipt in receipts if not receipt.repeated]
    assert len(firsts) == 25


def test_a_repetition_does_not_change_the_time(any_log: Log) -> None:
    any_log.append(reserving("a"))
    again = Transaction(at=moment(5), appends=reserving("a").appends, key=reserving("a").key)
    any_log.append(again)
    assert [recorded.at for recorded in any_log.after(0)] == ["2026-11-22T09:00:00.000Z"]
