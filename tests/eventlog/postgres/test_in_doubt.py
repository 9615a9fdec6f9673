"""The reply to a COMMIT is lost: the rows are looked up, and the result is that of the commit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.rows import DictRow

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.log import Log
from airbook.eventlog.postgres import in_doubt
from airbook.eventlog.postgres.connection import Server as Place
from airbook.eventlog.postgres.in_doubt import ask_once, was_committed
from airbook.eventlog.postgres.writes import insert, look_up
from airbook.eventlog.records import (
    Actor,
    Append,
    Checkpoint,
    Customer,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
    Transaction,
)
from airbook.eventlog.rows import EventRow, KeyRow, Lookup, Rows
from tests.support.other_processes import NEW_RESERVATION
from tests.support.processes import SECONDS
from tests.support.proxy import Proxy
from tests.support.stores import open_log
from tests.support.stories import NINE, at

KIM, LEE = Customer("c1", "kim"), Actor("a1", "lee")
PARKED = ParkedReservation(7, 1, "ValueError: no", at(0))
TWICE_WITHOUT_HARM = Rows(numbers={"airplane": 3}, checkpoints={"approver": 2}, parked=[PARKED])
EVENT = EventRow(1, "reservation-1", 1, "ReservationRequested.v1", b"{}")


@pytest.fixture
def distant(store: Store, proxy: Proxy) -> Iterator[Log]:
    """Open the log of `store` behind the proxy."""
    assert isinstance(store, PostgresStore)
    with open_log(PostgresStore(proxy.url(store.secret_url))) as log:
        log.head()
        yield log


@pytest.mark.parametrize(
    ("transaction", "receipt"),
    [
        (Transaction(at=NINE, appends=(NEW_RESERVATION,)), Receipt(1, 1)),
        (Transaction(at=NINE, appends=(NEW_RESERVATION,) * 3), Receipt(3, 3)),
        (Transaction(at=NINE, key=IdempotencyKey("k", "nothing")), Receipt(0, 0)),
        (Transaction(at=NINE, customer=KIM), Receipt(0, 0)),
    ],
    ids=["an event", "events", "a key", "a customer"],
)
def test_a_transaction_whose_reply_is_lost_is_stored_once_and_has_the_result_of_its_commit(
    distant: Log, proxy: Proxy, transaction: Transaction, receipt: Receipt
) -> None:
    proxy.drop_commit_replies(1)
    assert distant.append(transaction) == receipt
    assert proxy.done["replies_dropped"] == 1
    assert (distant.head(), distant.registry.numbers().get("reservation", 0)) == (
        receipt.position,
        receipt.number,
    )


def test_a_commit_after_which_the_server_shuts_down_is_not_done_again(
    distant: Log, proxy: Proxy
) -> None:
    request = Transaction(at=NINE, appends=(NEW_RESERVATION,))
    proxy.shut_down_after_commit(5)
    assert [distant.append(request) for _ in range(5)] == [Receipt(n, n) for n in range(1, 6)]
    assert (proxy.done["shut_down"], distant.head()) == (5, 5)


@pytest.mark.parametrize(
    "rows",
    [
        Rows(events=[EVENT]),
        Rows(keys=[KeyRow("k", "nothing", 1, 1)]),
        Rows(customers=[KIM]),
        Rows(actors=[LEE]),
        TWICE_WITHOUT_HARM,
    ],
    ids=["events", "keys", "customers", "actors", "rows that can be written twice"],
)
def test_copied_rows_whose_reply_is_lost_do_not_conflict_with_themselves(
    distant: Log, proxy: Proxy, rows: Rows
) -> None:
    proxy.drop_commit_replies(1)
    distant.insert(rows)
    assert proxy.done["replies_dropped"] == 1
    kept = distant.registry
    assert distant.rows_after(0, 9) == rows.events
    assert (kept.keys("", 9), kept.customers("", 9)) == (rows.keys, rows.customers)
    assert kept.actors.all("", 9) == [(one.id, one.name) for one in rows.actors]
    assert (kept.numbers(), kept.checkpoints()) == (rows.numbers, rows.checkpoints)
    assert kept.parked() == rows.parked


def test_a_checkpoint_whose_reply_is_lost_is_not_taken_for_one_that_another_process_moved(
    distant: Log, proxy: Proxy
) -> None:
    moved = Transaction(at=NINE, checkpoint=Checkpoint("approver", 2), parked=[PARKED])
    proxy.drop_commit_replies(1)
    assert distant.append(moved) == Receipt(0, 0)
    assert proxy.done["replies_dropped"] == 1
    assert (distant.checkpoint("approver"), distant.registry.parked()) == (2, [PARKED])


def test_a_transaction_that_never_came_is_stored_under_its_own_numbers(
    distant: Log, proxy: Proxy
) -> None:
    request = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
    proxy.cut_before_commit(1)
    assert distant.append(Transaction(at=NINE, appends=(request,))) == Receipt(1, 1)
    assert (proxy.done["commits_cut"], distant.head()) == (1, 1)


@pytest.fixture
def place(store: Store) -> Place:
    """Return the place of the log."""
    assert isinstance(store, PostgresStore)
    return store.server


Writing = psycopg.Connection[DictRow]


@pytest.fixture
def writing(place: Place) -> Iterator[Writing]:
    """Open a connection that begins and ends its transactions itself."""
    with place.connect() as connection:
        yield connection


def begin(writing: Writing, rows: Rows) -> str:
    """Begin a transaction that writes rows; returns its id."""
    writing.execute("BEGIN")
    _, transaction = look_up(writing, Lookup())
    insert(writing, rows)
    return transaction


def until() -> float:
    return time.monotonic() + SECONDS


KEY = KeyRow("k", "x", 1, 1)
KINDS = (
    Rows(events=[EVENT]),
    Rows(keys=[KEY]),
    Rows(customers=[KIM]),
    Rows(actors=[LEE]),
    Rows(checkpoints={"approver": 2}),
)
OTHERS = (
    Rows(events=[EVENT._replace(state=b"{}x")]),
    Rows(events=[EVENT, EVENT._replace(position=2, stream="reservation-2")]),
    Rows(keys=[KEY._replace(position=2)]),
    Rows(keys=[KEY._replace(key="l")]),
    Rows(customers=[Customer("c2", "kim")]),
    Rows(customers=[Customer("c1", "lee")]),
    Rows(actors=[Actor("a2", "lee")]),
    Rows(checkpoints={"approver": 3}),
    Rows(checkpoints={"other": 2}),
)


@pytest.mark.parametrize("rows", KINDS)
def test_rows_that_a_transaction_has_written_are_found(
    place: Place, writing: Writing, rows: Rows
) -> None:
    transaction = begin(writing, rows)
    writing.execute("COMMIT")
    assert was_committed(place, rows, transaction, until())


@pytest.mark.parametrize("rows", OTHERS)
def test_the_rows_of_another_transaction_with_the_same_id_prove_nothing(
    place: Place, writing: Writing, rows: Rows
) -> None:
    written = Rows(events=[EVENT], keys=[KEY], customers=[KIM], checkpoints={"approver": 2})
    transaction = begin(writing, written)
    writing.execute("COMMIT")
    assert was_committed(place, written, transaction, until())
    assert not was_committed(place, rows, transaction, until())


@pytest.mark.parametrize("rows", [KINDS[0], KINDS[-1]], ids=["events", "checkpoints"])
def test_the_same_rows_of_an_earlier_transaction_prove_nothing(
    place: Place, writing: Writing, rows: Rows
) -> None:
    for written in (rows, Rows(customers=[KIM])):
        transaction = begin(writing, written)
        writing.execute("COMMIT")
    assert not was_committed(place, rows, transaction, until())


def test_a_transaction_that_was_rolled_back_was_not_committed(
    place: Place, writing: Writing
) -> None:
    transaction = begin(writing, KINDS[0])
    writing.execute("ROLLBACK")
    assert not was_committed(place, KINDS[0], transaction, until())


def test_an_id_that_the_server_has_not_given_yet_was_not_committed(
    place: Place, writing: Writing
) -> None:
    transaction = begin(writing, KINDS[0])
    writing.execute("ROLLBACK")
    assert not was_committed(place, KINDS[0], str(int(transaction) + 1_000_000), until())


@pytest.mark.parametrize(("end", "committed"), [("COMMIT", True), ("ROLLBACK", False)])
def test_a_transaction_that_has_not_ended_is_asked_for_again(
    place: Place,
    writing: Writing,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    committed: bool,
) -> None:
    transaction, answers = begin(writing, KINDS[0]), list[bool | None]()

    def ask_and_end(*question: object) -> bool | None:
        answers.append(ask(*question))
        if len(answers) == 1:
            writing.execute(end.encode())
        return answers[-1]

    ask: Callable[..., bool | None] = ask_once
    monkeypatch.setattr(in_doubt, "ask_once", ask_and_end)
    assert was_committed(place, KINDS[0], transaction, until()) is committed
    assert answers == [None, committed]
