"""Commands of one call, of which some are stored when the store fails: those have their receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from airbook.application.airbook import Airbook, now
from airbook.application.commands import Executor, Order, Reserve
from airbook.application.stores.store import Store
from airbook.domain.airplane import ChangeSeats, CreateAirplane
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log, UnreadableStream
from airbook.eventlog.records import Receipt, Transaction, TransactionResult

ORDERS = (Order(Reserve(1, "kim")), Order(ChangeSeats(9), 1), Order(Reserve(1, "lee")))
GONE = StoreError("store_unreachable", "postgresql://db/airbook")


def overtaken(monkeypatch: pytest.MonkeyPatch, log: Log, then: Callable[[], object]) -> None:
    """Let another process change airplane 1 before the first commit, and do something after it."""
    append_all = log.append_all

    def late(transactions: Sequence[Transaction]) -> Sequence[TransactionResult]:
        monkeypatch.setattr(log, "append_all", append_all)
        Executor(log, now).execute_all([Order(ChangeSeats(7), 1)])
        results = append_all(transactions)
        then()
        return results

    monkeypatch.setattr(log, "append_all", late)


@pytest.mark.parametrize(
    "error", [GONE, UnreadableStream("airplane-1")], ids=["gone", "unreadable"]
)
def test_what_is_stored_has_its_receipt_although_the_rest_fails(
    any_log: Log, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    executor = Executor(any_log, now)
    executor.execute_all([Order(CreateAirplane(5))])

    def fail(*_: object) -> None:
        raise error

    overtaken(monkeypatch, any_log, lambda: monkeypatch.setattr(any_log, "load", fail))
    first, second, third = executor.execute_all(ORDERS)
    assert (first, third) == (Receipt(1, 3), Receipt(2, 4))
    assert second is error
    assert any_log.head() == 4


def test_a_request_whose_customer_cannot_be_checked_fails_alone(
    any_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = Executor(any_log, now)
    executor.execute_all([Order(Reserve(1, "kim"), key="k")])
    registry, ask = any_log.registry, any_log.registry.customer_ids

    def fail(_: object) -> None:
        raise GONE

    append_all = any_log.append_all

    def append(transactions: Sequence[Transaction]) -> Sequence[TransactionResult]:
        results = append_all(transactions)
        monkeypatch.setattr(registry, "customer_ids", fail)
        return results

    monkeypatch.setattr(any_log, "append_all", append)
    results = executor.execute_all([Order(Reserve(1, "lee")), Order(Reserve(2, "kim"), key="k")])
    monkeypatch.setattr(registry, "customer_ids", ask)
    assert results == [Receipt(2, 2), GONE]
    assert any_log.head() == 2


def test_nothing_is_stored_if_the_error_is_raised(
    any_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise GONE

    monkeypatch.setattr(any_log, "append_all", fail)
    with pytest.raises(StoreError) as error:
        Executor(any_log, now).execute_all(ORDERS[::2])
    assert (error.value, any_log.head()) == (GONE, 0)


def test_too_many_conflicts_leave_what_is_stored(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airbook.application.commands.ATTEMPTS", 1)
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        overtaken(monkeypatch, airbook.log, lambda: None)
        first, second, third = airbook.execute_all(ORDERS)
        assert (first, third) == (Receipt(1, 3), Receipt(2, 4))
        assert isinstance(second, StoreError)
        assert (second.code, airbook.log.head()) == ("store_busy", 4)
        refused = airbook.execute_all([Order(ChangeSeats(0), 7)])
        assert [type(one) for one in refused] == [Refused]
