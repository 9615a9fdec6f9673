"""Group commit: transactions that arrive together share a commit, and each gets its own result."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Timer, get_ident

import pytest
from hypothesis import given, settings, strategies

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatAssigned
from airbook.domain.refusal import Refused
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.errors import StoreError
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Append,
    Checkpoint,
    Conflict,
    Customer,
    Fenced,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
    Transaction,
    TransactionResult,
)
from tests.support.fresh_stores import FreshLogs
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION, reserving
from tests.support.processes import SECONDS
from tests.support.stores import everything_in, transactions
from tests.support.stories import NINE, at, of_airplane, record

Comparable = Receipt | type[Conflict] | tuple[str, str]

CREATED = AirplaneCreated(5)
KIM = Customer("c1", "kim")
STALE = Append("airplane", 1, 0, (CREATED,))


def comparable(result: TransactionResult) -> Comparable:
    """Return a result in a form that equals another result like it."""
    match result:
        case Receipt():
            return result
        case Refused(code=code, values=values):
            return code, str(values["key"])
        case _:
            return type(result)


def committed(log: Log, transaction: Transaction) -> Comparable:
    """Commit one transaction; returns its result."""
    try:
        return log.append(transaction)
    except (Conflict, Refused) as no:
        return comparable(no)


def seat(number: int) -> Append:
    return Append("airplane", 1, number, (SeatAssigned(number, number),))


def only(*appends: Append) -> Transaction:
    return Transaction(at=NINE, appends=appends)


GROUP = (
    (reserving("a"), Receipt(1, 2)),
    (only(NEW_RESERVATION, STALE), Conflict),
    (reserving("a"), Receipt(1, 2, repeated=True)),
    (reserving("a", airplane=2), ("key_reused", "a")),
    (reserving("b", customer=KIM), Receipt(2, 3)),
    (reserving("c", customer=Customer("c2", "kim")), Conflict),
    (only(seat(1)), Receipt(1, 4)),
    (only(NEW_RESERVATION, seat(1)), Conflict),
    (only(NEW_RESERVATION, seat(2)), Receipt(1, 6)),
    (Transaction(at=NINE, checkpoint=Checkpoint("approver", 4)), Receipt(0, 0)),
    (Transaction(at=NINE, appends=[NEW_AIRPLANE], checkpoint=Checkpoint("approver", 4)), Fenced),
    (only(NEW_AIRPLANE), Receipt(2, 7)),
)


def test_each_transaction_of_a_group_gets_its_own_result(any_log: Log) -> None:
    record(any_log, *of_airplane(1, CREATED))
    results = any_log.append_all([transaction for transaction, _ in GROUP])
    assert [comparable(result) for result in results] == [result for _, result in GROUP]


def test_a_refused_transaction_leaves_no_row_and_the_others_of_its_group_are_stored(
    log: Log, store: Store
) -> None:
    record(log, *of_airplane(1, CREATED))
    log.append_all([transaction for transaction, _ in GROUP])
    assert [
        (recorded.position, str(recorded.stream), recorded.version) for recorded in log.after(0)
    ] == [
        (1, "airplane-1", 1),
        (2, "reservation-1", 1),
        (3, "reservation-2", 1),
        (4, "airplane-1", 2),
        (5, "reservation-3", 1),
        (6, "airplane-1", 3),
        (7, "airplane-2", 1),
    ]
    kept = everything_in(store)
    assert {table: sorted(kept[table]) for table in ("numbers", "commands", "customers")} == {
        "numbers": [("airplane", 2), ("reservation", 3)],
        "commands": [("a", "reserve 1", 1, 2), ("b", "reserve 1", 2, 3)],
        "customers": [("c1", "kim")],
    }
    assert log.checkpoint("approver") == 4


def test_a_group_is_one_transaction_of_the_database(log: Log, store: Store) -> None:
    record(log, *of_airplane(1, CREATED))
    before = transactions(store)
    log.append_all([transaction for transaction, _ in GROUP])
    assert transactions(store) == before + 1


def test_a_group_in_which_all_are_refused_changes_nothing(log: Log, store: Store) -> None:
    log.append(reserving("a"))
    before = everything_in(store)
    results = log.append_all([reserving("a", airplane=2), only(NEW_RESERVATION, seat(1))])
    assert [comparable(result) for result in results] == [("key_reused", "a"), Conflict]
    assert everything_in(store) == before


def test_an_empty_group_is_accepted(any_log: Log) -> None:
    assert list(any_log.append_all([])) == []
    assert any_log.head() == 0


def test_a_decision_that_no_airplane_exists_conflicts_once_there_is_one(any_log: Log) -> None:
    without_airplane = only(NEW_RESERVATION, Append("airplane", 1, 0, ()))
    results = any_log.append_all([only(NEW_AIRPLANE), without_airplane])
    assert [comparable(result) for result in results] == [Receipt(1, 1), Conflict]


def test_a_transaction_can_continue_a_stream_that_its_group_began(any_log: Log) -> None:
    results = any_log.append_all(
        [only(NEW_AIRPLANE), only(STALE), only(seat(1)), only(NEW_AIRPLANE)]
    )
    assert [comparable(result) for result in results] == [
        Receipt(1, 1),
        Conflict,
        Receipt(1, 2),
        Receipt(2, 3),
    ]


def test_a_reservation_settled_and_parked_again_in_one_group_is_parked(any_log: Log) -> None:
    parked = ParkedReservation(3, 4, "ValueError: no", at(0))
    any_log.append_all([Transaction(at=NINE, settled=(3,)), Transaction(at=NINE, parked=(parked,))])
    assert any_log.registry.parked() == [parked]


numbers = strategies.integers(1, 3)
versions = strategies.integers(0, 3)


def older(number: int, version: int, events: int) -> Append:
    """Describe an append to a stream that exists; version 0 appends no events."""
    return Append("airplane", number, version, [CREATED] * events if version else [])


appends = strategies.just([NEW_AIRPLANE]) | strategies.lists(
    strategies.just(NEW_RESERVATION)
    | strategies.builds(older, numbers, versions, strategies.integers(0, 2)),
    max_size=2,
)
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


THREADS, TIMES = 16, 20


def at_the_same_time(work: Callable[[int], Sequence[Comparable]]) -> list[Sequence[Comparable]]:
    """Call a function in many threads, which begin together."""
    together = Barrier(THREADS, timeout=SECONDS)

    def begin(thread: int) -> Sequence[Comparable]:
        together.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begin, range(THREADS)))


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
    assert [len(kept[table]) for table in ("commands", "customers")] == [count] * 2


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


def test_a_store_error_reaches_each_of_the_group_and_later_groups_succeed(any_log: Log) -> None:
    failing = [True]

    def execute(items: Sequence[Transaction]) -> Sequence[TransactionResult]:
        if failing:
            raise StoreError("store_full", "the store")
        return any_log.append_all(items)

    with GroupCommit(execute) as group:

        def work(_: int) -> Sequence[Comparable]:
            with pytest.raises(StoreError) as trouble:
                group.submit(only(NEW_RESERVATION)).result()
            assert trouble.value.code == "store_full"
            return ()

        at_the_same_time(work)
        failing.clear()
        results = [group.submit(only(NEW_RESERVATION)).result() for _ in range(2)]
    assert results == [Receipt(1, 1), Receipt(2, 2)]


def held(execute: Callable[[Sequence[int]], Sequence[int]]) -> tuple[GroupCommit[int, int], Event]:
    """Return a group commit whose first call waits, so that later items queue behind it."""
    go_on = Event()

    def wait_and_execute(items: Sequence[int]) -> Sequence[int]:
        assert go_on.wait(SECONDS)
        return execute(items)

    return GroupCommit(wait_and_execute), go_on


def until_taken(group: GroupCommit[int, int]) -> None:
    """Wait until the writer thread has taken what is queued."""
    while not vars(group)["_queue"].empty():
        time.sleep(0.001)


def test_what_queues_behind_a_commit_is_executed_in_one_call() -> None:
    calls = list[Sequence[int]]()

    def double(items: Sequence[int]) -> Sequence[int]:
        calls.append(items)
        return [2 * item for item in items]

    group, go_on = held(double)
    futures = [group.submit(0)]
    until_taken(group)
    futures += [group.submit(number) for number in range(1, 10)]
    go_on.set()
    assert [future.result(SECONDS) for future in futures] == [2 * one for one in range(10)]
    group.close()
    assert calls == [[0], list(range(1, 10))]


def test_an_item_at_fault_gets_its_error_and_the_others_their_results() -> None:
    def reciprocal(items: Sequence[int]) -> Sequence[int]:
        return [12 // item for item in items]

    group, go_on = held(reciprocal)
    futures = [group.submit(item) for item in (1, 2, 0, 3)]
    go_on.set()
    group.close()
    assert [future.result() for future in futures if not future.exception()] == [12, 6, 4]
    assert isinstance(futures[2].exception(), ZeroDivisionError)


def test_a_cancelled_item_is_not_executed() -> None:
    executed = list[int]()

    def remember(items: Sequence[int]) -> Sequence[int]:
        executed.extend(items)
        return items

    group, go_on = held(remember)
    first = group.submit(1)
    until_taken(group)
    second, third = group.submit(2), group.submit(3)
    assert second.cancel()
    go_on.set()
    group.close()
    assert (first.result(), third.result(), executed) == (1, 3, [1, 3])


def test_closing_executes_what_is_queued_and_ends_the_thread() -> None:
    group, go_on = held(lambda items: items)
    futures = [group.submit(number) for number in range(600)]
    Timer(0.1, go_on.set).start()
    group.close()
    assert [future.result(0) for future in futures] == list(range(600))
    assert not vars(group)["_thread"].is_alive()


def test_a_caller_that_is_interrupted_while_it_waits_does_not_stop_the_others() -> None:
    class Interrupted(Exception):
        """A signal came."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    group, go_on = held(lambda items: items)
    before = signal.signal(signal.SIGUSR1, interrupt)
    Timer(0.1, signal.pthread_kill, (get_ident(), signal.SIGUSR1)).start()
    with pytest.raises(Interrupted):
        group.submit(1).result()
    signal.signal(signal.SIGUSR1, before)
    go_on.set()
    assert group.submit(2).result(SECONDS) == 2
    group.close()
