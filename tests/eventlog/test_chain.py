"""Each commit leaves one digest, and every change of a stored row is found by it."""

from __future__ import annotations

from contextlib import closing
from hashlib import blake2b
from struct import pack

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.chain import BEGINNING, TABLES, Commit
from airbook.eventlog.log import Log
from airbook.eventlog.memory.recorder import MemoryRecorder
from airbook.eventlog.records import Transaction
from airbook.eventlog.rows import DigestRow, EventRow, KeyRow, Rows
from airbook.eventlog.verification import broken_commits, changed_tables, digests_of
from tests.eventlog.commits import COMMITS, EVENTS, KIM, LEE, SEAT, given_commits, moved, only
from tests.support.fresh_stores import FreshLogs
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION, reserving
from tests.support.stores import execute
from tests.support.stories import NINE, at

# It stands in stores: a program with another result could not check them.
DIGEST = "e28ffb3ea4c8e92f59efbca29d85476250113a5a5fd49f01ec1faa0e607893aa"


def hashed(table: str, *fields: str | int) -> int:
    """Hash an entry of the registry as the decision record describes it."""
    texts = [str(field).encode() for field in (table, *fields)]
    message = b"".join([*(pack(">Q", len(text)) for text in texts), *texts])
    return int.from_bytes(blake2b(message, digest_size=8).digest(), "big")


def sums(**totals: int) -> bytes:
    return b"".join(pack(">Q", totals.get(table, 0) % 2**64) for table in TABLES)


def test_each_commit_leaves_one_digest_with_the_position_it_reached(any_log: Log) -> None:
    given_commits(any_log)
    assert [(row.position, row.number) for row in digests_of(any_log)] == [
        (position, number) for number, (_, position, _) in enumerate(COMMITS, 1)
    ]
    assert any_log.digests.last() == [*digests_of(any_log)][-1]


def test_a_commit_that_stores_nothing_leaves_no_digest(any_log: Log) -> None:
    any_log.append_all([])
    assert any_log.digests.last() == BEGINNING
    any_log.append(reserving("a"))
    before = [*digests_of(any_log)]
    any_log.append(reserving("a"))
    any_log.append_all([reserving("a", airplane=2), only(SEAT)])
    any_log.append(Transaction(at=NINE, settled=(7,)))
    assert [*digests_of(any_log)] == before


def test_the_digests_are_those_of_the_decision_record(any_log: Log) -> None:
    given_commits(any_log)
    kept = {row.number: row for row in digests_of(any_log)}
    keys = {key.key: hashed("keys", *key) for key in any_log.registry.keys("", 10)}
    customer = {one.id: hashed("customers", one.id) for one in (KIM, LEE)}
    airplane = hashed("numbers", "airplane", 1)
    parked = hashed("parked", 2, 3, "ValueError: 안 됨", at(0))
    assert (kept[1].registry, kept[2].registry, kept[3].registry, kept[5].registry) == (
        sums(numbers=airplane),
        sums(
            numbers=airplane + hashed("numbers", "reservation", 1),
            keys=keys["a"],
            customers=customer["c1"],
        ),
        sums(
            numbers=airplane + hashed("numbers", "reservation", 3),
            keys=sum(keys.values()),
            customers=sum(customer.values()),
        ),
        sums(
            numbers=airplane + hashed("numbers", "reservation", 3),
            keys=sum(keys.values()),
            customers=sum(customer.values()),
            checkpoints=hashed("checkpoints", "approver", 3),
            parked=parked,
        ),
    )
    previous, rows = bytes(32), iter(any_log.rows_after(0, 100))
    for number, (_, reached, events) in enumerate(COMMITS, 1):
        message = previous
        for row in (next(rows) for _ in range(events)):
            stream, topic = row.stream.encode(), row.topic.encode()
            sizes = (len(stream), len(topic), len(row.state))
            message += pack(">QQQQQ", row.position, row.version, *sizes)
            message += stream + topic + row.state
        message += pack(">QQQ", events, reached, number) + kept[number].registry
        previous = blake2b(message, digest_size=32).digest()
        assert kept[number] == DigestRow(reached, number, kept[number].registry, previous)


def test_every_store_leaves_the_same_digests(fresh_logs: FreshLogs) -> None:
    with fresh_logs.log() as log, closing(Log(MemoryRecorder())) as in_memory:
        for each in (log, in_memory):
            given_commits(each)
        assert [*digests_of(log)] == [*digests_of(in_memory)]


def test_a_digest_is_the_same_in_every_version_of_the_program() -> None:
    commit = Commit(BEGINNING.digest)
    commit.add(EventRow(1, "airplane-1", 1, "AirplaneCreated.v1", b'{"at":"","data":{}}'))
    assert commit.digest(1, 1, bytes(48)).digest.hex() == DIGEST


def test_an_untouched_log_is_as_its_digests_say(any_log: Log) -> None:
    assert (broken_commits(any_log), changed_tables(any_log)) == ([], [])
    given_commits(any_log)
    assert (broken_commits(any_log), changed_tables(any_log)) == ([], [])


def test_a_retry_or_a_drop_that_an_operator_asks_for_breaks_no_digest(any_log: Log) -> None:
    given_commits(any_log)
    assert any_log.retry(2)
    assert any_log.drop(2)
    assert changed_tables(any_log) == []
    any_log.append(Transaction(at=NINE, settled=(2,)))
    assert changed_tables(any_log) == []


def test_a_position_has_the_digest_of_the_commit_that_stored_its_event(any_log: Log) -> None:
    assert [any_log.digest_at(position) for position in (0, 1)] == ["", ""]
    given_commits(any_log)
    kept = {row.number: row.digest.hex() for row in digests_of(any_log)}
    assert [any_log.digest_at(position) for position in range(EVENTS + 2)] == [
        "", kept[1], kept[2], kept[3], kept[3], kept[6], "",
    ]  # fmt: skip
    assert [any_log.digest_at(position) for position in (2**63 - 1, 2**63, 10**18)] == ["", "", ""]


def test_later_commits_do_not_change_the_digest_at_a_position(any_log: Log) -> None:
    given_commits(any_log)
    before = [any_log.digest_at(position) for position in range(EVENTS + 1)]
    any_log.append_all([moved(6), only(NEW_RESERVATION)])
    assert [any_log.digest_at(position) for position in range(EVENTS + 1)] == before


def test_rows_of_another_log_carry_their_digests(any_log: Log, fresh_logs: FreshLogs) -> None:
    given_commits(any_log)
    with fresh_logs.log() as copy:
        copy.insert(
            Rows(
                events=any_log.rows_after(0, 10),
                keys=[KeyRow(*row) for row in any_log.registry.keys("", 10)],
                customers=[*any_log.registry.customers("", 10)],
                numbers=dict(any_log.registry.numbers()),
                checkpoints=dict(any_log.registry.checkpoints()),
                parked=[*any_log.registry.parked()],
                digests=[*digests_of(any_log)],
            )
        )
        assert (broken_commits(copy), changed_tables(copy)) == ([], [])
        assert copy.digest_at(EVENTS) == any_log.digest_at(EVENTS)
        for log in (any_log, copy):
            log.append(only(NEW_AIRPLANE))
        assert copy.digest_at(EVENTS + 1) == any_log.digest_at(EVENTS + 1)


def test_two_logs_with_other_events_have_other_digests_from_there_on(
    fresh_logs: FreshLogs,
) -> None:
    with fresh_logs.log() as one, fresh_logs.log() as other:
        for log in (one, other):
            log.append(only(NEW_AIRPLANE))
        one.append(reserving("a"))
        other.append(reserving("b"))
        for log in (one, other):
            log.append(only(NEW_AIRPLANE))
        assert [one.digest_at(place) == other.digest_at(place) for place in (1, 2, 3)] == [
            True,
            False,
            False,
        ]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE digests SET number = 9", "DELETE FROM digests", "UPDATE digests SET digest = digest"],
)
def test_the_database_refuses_to_change_a_digest(log: Log, store: Store, statement: str) -> None:
    given_commits(log)
    before = [*digests_of(log)]
    with pytest.raises(Exception, match="digests are never"):
        execute(store, statement)
    assert [*digests_of(log)] == before
