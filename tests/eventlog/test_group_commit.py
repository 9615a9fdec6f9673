"""What several want stored at once is stored together, and each gets an answer of its own."""

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
from tests.support.fresh_stores import Fresh
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION, reserving
from tests.support.processes import SECONDS
from tests.support.stores import everything_in, open_log, transactions
from tests.support.stories import NINE, at, of_airplane, record

Told = Receipt | type[Conflict] | tuple[str, str]

CREATED = AirplaneCreated(5)
KIM = Customer("c1", "kim")
STALE = Append("airplane", 1, 0, (CREATED,))


def told(answer: TransactionResult) -> Told:
    """Put an answer so that it equals another like it."""
    match answer:
        case Receipt():
            return answer
        case Refused(code=code, values=values):
            return code, str(values["key"])
        case _:
            return type(answer)


def committed(log: Log, transaction: Transaction) -> Told:
    """Commit a change among those of others."""
    try:
        return log.append(transaction)
    except (Conflict, Refused) as no:
        return told(no)


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


def test_each_in_a_group_gets_an_answer_of_its_own(log: Log) -> None:
    record(log, *of_airplane(1, CREATED))
    answers = log.append_all([transaction for transaction, _ in GROUP])
    assert [told(answer) for answer in answers] == [answer for _, answer in GROUP]


def test_what_is_refused_in_a_group_leaves_no_row_and_takes_no_other_down(
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


def test_a_whole_group_is_one_transaction(log: Log, store: Store) -> None:
    record(log, *of_airplane(1, CREATED))
    before = transactions(store)
    log.append_all([transaction for transaction, _ in GROUP])
    assert transactions(store) == before + 1


def test_a_group_of_nothing_but_refusals_changes_nothing(log: Log, store: Store) -> None:
    log.append(reserving("a"))
    before = everything_in(store)
    answers = log.append_all([reserving("a", airplane=2), only(NEW_RESERVATION, seat(1))])
    assert [told(answer) for answer in answers] == [("key_reused", "a"), Conflict]
    assert everything_in(store) == before


def test_nothing_at_all_is_a_group_too(log: Log) -> None:
    assert list(log.append_all([])) == []
    assert log.head() == 0


def test_a_decision_that_rests_on_no_airplane_does_not_stand_once_there_is_one(log: Log) -> None:
    rests_on_none = only(NEW_RESERVATION, Append("airplane", 1, 0, ()))
    answers = log.append_all([only(NEW_AIRPLANE), rests_on_none])
    assert [told(answer) for answer in answers] == [Receipt(1, 1), Conflict]


def test_one_who_continues_what_another_began_takes_nobody_down(log: Log) -> None:
    answers = log.append_all([only(NEW_AIRPLANE), only(STALE), only(seat(1)), only(NEW_AIRPLANE)])
    assert [told(answer) for answer in answers] == [
        Receipt(1, 1),
        Conflict,
        Receipt(1, 2),
        Receipt(2, 3),
    ]


def test_what_is_settled_and_put_aside_again_in_a_group_is_put_aside(log: Log) -> None:
    aside = ParkedReservation(3, 4, "ValueError: no", at(0))
    log.append_all([Transaction(at=NINE, settled=(3,)), Transaction(at=NINE, parked=(aside,))])
    assert log.registry.parked() == [aside]


numbers = strategies.integers(1, 3)
versions = strategies.integers(0, 3)


def older(number: int, version: int, events: int) -> Append:
    """Append to a stream that has begun: it did so with a number of its own, not a given one."""
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
    """Read all that a log keeps."""
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
def test_a_group_comes_to_what_its_changes_come_to_one_after_another(
    fresh: Fresh, groups: Sequence[Sequence[Transaction]]
) -> None:
    with (
        fresh.store() as here,
        fresh.store() as there,
        open_log(here) as together,
        open_log(there) as apart,
    ):
        for group in groups:
            answers = [told(answer) for answer in together.append_all(group)]
            assert answers == [committed(apart, transaction) for transaction in group]
        assert whole(together) == whole(apart)


THREADS, TIMES = 16, 20


def at_the_same_time(work: Callable[[int], Sequence[Told]]) -> list[Sequence[Told]]:
    """Do some work in many threads, which begin together."""
    together = Barrier(THREADS, timeout=SECONDS)

    def begin(thread: int) -> Sequence[Told]:
        together.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begin, range(THREADS)))


def requests(thread: int, time: int) -> tuple[Transaction, ...]:
    """Describe what a thread does each time: as it should, repeated, refused, and too late."""
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


def test_many_threads_each_get_their_own_answer(log: Log, store: Store) -> None:
    record(log, *of_airplane(1, CREATED))

    with GroupCommit(log.append_all) as group:

        def work(thread: int) -> Sequence[Told]:
            return [
                told(group.submit(transaction).result())
                for turn in range(TIMES)
                for transaction in requests(thread, turn)
            ]

        answers = at_the_same_time(work)
    place = {
        recorded.data: Receipt(recorded.stream.number, recorded.position)
        for recorded in log.after(0, 999)
    }
    for thread, answer in enumerate(answers):
        expected = list[Told]()
        for turn in range(TIMES):
            me = f"{thread}.{turn}"
            mine = place[f'{{"airplane":1,"customer":"{me}"}}'.encode()]
            again = Receipt(mine.number, mine.position, repeated=True)
            expected += [mine, again, ("key_reused", me), Conflict, Conflict]
        assert answer == expected
    everyone = THREADS * TIMES
    stored = [receipt for receipt in place.values() if receipt.position > 1]
    assert [receipt.position for receipt in stored] == list(range(2, everyone + 2))
    assert [receipt.number for receipt in stored] == list(range(1, everyone + 1))
    kept = everything_in(store)
    assert [len(kept[table]) for table in ("commands", "customers")] == [everyone] * 2


def test_many_who_use_one_key_and_one_name_make_one_reservation_and_one_customer(log: Log) -> None:
    answers = at_the_same_time(lambda _: [committed(log, reserving("a", customer=KIM))])
    receipts = [receipt for (receipt,) in answers]
    assert receipts.count(Receipt(1, 1)) == 1
    assert receipts.count(Receipt(1, 1, repeated=True)) == THREADS - 1
    assert (log.head(), log.registry.customers("", 9)) == (1, [KIM])


def test_many_who_name_the_same_new_customer_make_one(log: Log) -> None:
    answers = at_the_same_time(
        lambda one: [committed(log, reserving(f"{one}", customer=Customer(f"c{one}", "kim")))]
    )
    assert sum(answer == [Receipt(1, 1)] for answer in answers) == 1
    assert sum(answer == [Conflict] for answer in answers) == THREADS - 1
    winner = answers.index([Receipt(1, 1)])
    assert log.registry.customers("", 9) == [Customer(f"c{winner}", "kim")]


def test_many_who_commit_at_once_share_transactions(log: Log, store: Store) -> None:
    log.append(only(NEW_AIRPLANE))
    before = transactions(store)
    with GroupCommit(log.append_all) as group:
        at_the_same_time(
            lambda _: [told(group.submit(only(NEW_RESERVATION)).result()) for _ in range(TIMES)]
        )
    assert log.head() == THREADS * TIMES + 1
    assert transactions(store) - before < THREADS * TIMES / 2


def test_one_who_comes_alone_waits_for_nobody(log: Log, store: Store) -> None:
    log.append(only(NEW_AIRPLANE))
    before = transactions(store)
    with GroupCommit(log.append_all) as group:
        for _ in range(TIMES):
            group.submit(only(NEW_RESERVATION)).result()
    assert transactions(store) == before + TIMES


def test_a_store_error_reaches_each_of_the_group_and_later_groups_succeed(log: Log) -> None:
    failing = [True]

    def execute(items: Sequence[Transaction]) -> Sequence[TransactionResult]:
        if failing:
            raise StoreError("store_full", "the store")
        return log.append_all(items)

    with GroupCommit(execute) as group:

        def work(_: int) -> Sequence[Told]:
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
