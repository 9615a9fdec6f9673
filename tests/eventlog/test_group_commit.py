"""Threads that append at once through one group commit each get their own result."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings, strategies

from airbook.application.stores.store import Store
from airbook.domain.refusal import Refused
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Append,
    Checkpoint,
    Conflict,
    Customer,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
    Transaction,
)
from tests.eventlog.groups import (
    CREATED,
    KIM,
    STALE,
    THREADS,
    TIMES,
    Comparable,
    appends,
    at_the_same_time,
    comparable,
    numbers,
    only,
    versions,
)
from tests.support.fresh_stores import FreshLogs
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION, reserving
from tests.support.stores import everything_in, transactions
from tests.support.stories import NINE, at, of_airplane, record


def committed(log: Log, transaction: Transaction) -> Comparable:
    """Commit one transaction; returns its result."""
    try:
        return log.append(transaction)
    except (Conflict, Refused) as no:
        return comparable(no)


proposals = strategies.builds(
    Transaction,
    at=strategies.just(NINE),
    appends=appends,
    key=strategies.none() | strategies.builds(IdempotencyKey, *[strategies.sampled_from("ab")] * 2),
    customer=strategies.none()
    | strategies.sampled_from(("kim", "lee")).map(lambda name: Customer(f"id of {name}", name)),
    checkpoint=strategies.none()
    | strategies.builds(
        Checkpoint, strategies.sampled_from(("approver", "other")), versions, strategies.booleans()
    ),
    parked=strategies.lists(
        strategies.builds(
            ParkedReservation, numbers, versions, strategies.just("no"), strategies.just(at(0))
        ),
        max_size=1,
    ).map(tuple),
    settled=strategies.lists(numbers, max_size=1).map(tuple),
)


def whole(log: Log) -> Sequence[object]:
    """Read everything that a log contains."""
    kept = log.registry
    return (
        log.after(0),
        kept.numbers(),
        kept.checkpoints(),
        kept.keys("", 1_000),
        kept.customers("", 1_000),
        kept.parked(),
    )


@settings(max_examples=15)
@given(groups=strategies.lists(strategies.lists(proposals, max_size=6), max_size=3))
def test_a_group_has_the_results_of_its_transactions_one_after_another(
    fresh_logs: FreshLogs, groups: Sequence[Sequence[Transaction]]
) -> None:
    with fresh_logs.log() as together, fresh_logs.log() as apart:
        for group in groups:
            results = [comparable(result) for result in together.append_all(group)]
            assert results == [committed(apart, transaction) for transaction in group]
        assert whole(together) == whole(apart)


def requests(thread: int, time: int) -> tuple[Transaction, ...]:
    """Describe the transactions of one turn: new, repeated, refused, and two that conflict."""
    me = f"{thread}.{time}"
    mine = Append("reservation", None, 0, (ReservationRequested(1, me),))
    used = Transaction(
        at=NINE, appends=(mine,), key=IdempotencyKey(me, me), customer=Customer(me, f"name of {me}")
    )
    return (
        used,
        used,
        Transaction(at=NINE, appends=(mine,), key=IdempotencyKey(me, "something else")),
        Transaction(at=NINE, appends=(mine, STALE)),
        Transaction(at=NINE, appends=(mine,), customer=Customer(f"{me}'s twin", f"name of {me}")),
    )


def test_many_threads_each_get_their_own_results(log: Log, store: Store) -> None:
    record(log, *of_airplane(1, CREATED))

    with GroupCommit(log.append_all) as group:

        def work(thread: int) -> Sequence[Comparable]:
            return [
                comparable(group.submit(transaction).result())
                for turn in range(TIMES)
                for transaction in requests(thread, turn)
            ]

        results = at_the_same_time(work)
    place = {
        recorded.data: Receipt(recorded.stream.number, recorded.position)
        for recorded in log.after(0, 999)
    }
    for thread, result in enumerate(results):
        expected = list[Comparable]()
        for turn in range(TIMES):
            me = f"{thread}.{turn}"
            mine = place[f'{{"airplane":1,"customer":"{me}"}}'.encode()]
            again = Receipt(mine.number, mine.position, repeated=True)
            expected += [mine, again, ("key_reused", me), Conflict, Conflict]
        assert result == expected
    count = THREADS * TIMES
    stored = [receipt for receipt in place.values() if receipt.position > 1]
    assert [receipt.position for receipt in stored] == list(range(2, count + 2))
    assert [receipt.number for receipt in stored] == list(range(1, count + 1))
    kept = everything_in(store)
    assert [len(kept[table]) for table in ("keys", "customers")] == [count] * 2


def test_many_threads_with_one_key_and_one_name_make_one_reservation_and_one_customer(
    any_log: Log,
) -> None:
    results = at_the_same_time(lambda _: [committed(any_log, reserving("a", customer=KIM))])
    receipts = [receipt for (receipt,) in results]
    assert receipts.count(Receipt(1, 1)) == 1
    assert receipts.count(Receipt(1, 1, repeated=True)) == THREADS - 1
    assert (any_log.head(), any_log.registry.customers("", 9)) == (1, [KIM])


def test_many_threads_with_the_same_new_customer_store_one_customer(any_log: Log) -> None:
    results = at_the_same_time(
        lambda one: [committed(any_log, reserving(f"{one}", customer=Customer(f"c{one}", "kim")))]
    )
    assert sum(result == [Receipt(1, 1)] for result in results) == 1
    assert sum(result == [Conflict] for result in results) == THREADS - 1
    winner = results.index([Receipt(1, 1)])
    assert any_log.registry.customers("", 9) == [Customer(f"c{winner}", "kim")]


def test_many_threads_that_commit_at_once_share_transactions(log: Log, store: Store) -> None:
    log.append(only(NEW_AIRPLANE))
    before = transactions(store)
    with GroupCommit(log.append_all) as group:
        at_the_same_time(
            lambda _: [
                comparable(group.submit(only(NEW_RESERVATION)).result()) for _ in range(TIMES)
            ]
        )
    assert log.head() == THREADS * TIMES + 1
    assert transactions(store) - before < THREADS * TIMES / 2


def test_a_single_thread_does_not_wait_for_a_group(log: Log, store: Store) -> None:
    log.append(only(NEW_AIRPLANE))
    before = transactions(store)
    with GroupCommit(log.append_all) as group:
        for _ in range(TIMES):
            group.submit(only(NEW_RESERVATION)).result()
    assert transactions(store) == before + TIMES
