"""Every change of a stored row is found by the digests, in the commit that stored it."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.chain import BrokenCommit, ChainCheck
from airbook.eventlog.log import Log
from airbook.eventlog.rows import EventRow
from airbook.eventlog.verification import broken_commits, changed_tables, digests_of
from tests.eventlog.commits import given_commits, only
from tests.support.other_processes import NEW_RESERVATION, reserving
from tests.support.stores import insert_as_is
from tests.support.tampering import position, tamper


@pytest.mark.parametrize("field", ["originator_id", "topic", "state"])
def test_every_flipped_bit_of_an_event_is_found(log: Log, store: Store, field: str) -> None:
    given_commits(log)
    (row,) = log.rows_after(2, 1)
    texts = {"originator_id": row.stream, "topic": row.topic}
    whole = texts.get(field, row.state)
    stored = whole.encode() if isinstance(whole, str) else whole
    statement = f"UPDATE stored_events SET {field} = ? WHERE {position(store)} = 3"  # noqa: S608
    for place in range(len(stored)):
        changed = bytearray(stored)
        changed[place] ^= 1 << place % 7
        if not changed[place]:
            continue
        tamper(store, statement, bytes(changed) if field == "state" else changed.decode())
        assert broken_commits(log) == [BrokenCommit(2, 4)], changed
    tamper(store, statement, whole)
    assert broken_commits(log) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE stored_events SET originator_version = 7 WHERE {position} = 2", (1, 2, "changed")),
        ("DELETE FROM stored_events WHERE {position} = 5", (4, 5, "missing")),
        ("DELETE FROM stored_events WHERE {position} >= 4", (2, 5, "missing")),
        ("DELETE FROM stored_events", (0, 5, "missing")),
        ("DELETE FROM stored_events WHERE {position} = 3", (2, 4, "changed")),
        ("UPDATE digests SET digest = registry WHERE number = 8", (5, 5, "changed")),
        ("DELETE FROM digests WHERE number = 5", (4, 5, "changed")),
        ("DELETE FROM digests WHERE position = 5", (4, 5, "uncovered")),
        ("DELETE FROM digests", (0, 5, "uncovered")),
    ],
)
def test_a_change_without_the_program_is_found_where_it_is(
    log: Log, store: Store, statement: str, found: tuple[int, int, str]
) -> None:
    given_commits(log)
    tamper(store, statement)
    assert [tuple(one) for one in broken_commits(log)] == [found]


def test_swapped_positions_are_found(log: Log, store: Store) -> None:
    given_commits(log)
    for before, after in ((1, 9), (5, 1), (9, 5)):
        column = position(store)
        statement = f"UPDATE stored_events SET {column} = ? WHERE {column} = ?"  # noqa: S608
        tamper(store, statement, after, before)
    assert broken_commits(log) == [BrokenCommit(0, 1), BrokenCommit(4, 5)]


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("DELETE FROM keys WHERE key = 'a'", "keys"),
        ("UPDATE keys SET number = 7 WHERE key = 'b'", "keys"),
        ("UPDATE keys SET position = 7 WHERE key = 'b'", "keys"),
        ("UPDATE keys SET contents = 'reserve 2' WHERE key = 'b'", "keys"),
        ("INSERT INTO keys VALUES ('z', 'reserve 1', 1, 2)", "keys"),
        ("DELETE FROM customers WHERE id = 'c1'", "customers"),
        ("UPDATE customers SET id = 'c3' WHERE id = 'c1'", "customers"),
        ("UPDATE numbers SET last = 9 WHERE kind = 'reservation'", "numbers"),
        ("DELETE FROM numbers WHERE kind = 'airplane'", "numbers"),
        ("DELETE FROM parked", "parked"),
        ("UPDATE parked SET error = ''", "parked"),
        ("UPDATE {tracking} SET notification_id = 99 WHERE application_name = 'approver'", ""),
        ("DELETE FROM {tracking} WHERE application_name = 'approver'", ""),
    ],
)
def test_a_changed_registry_is_found(log: Log, store: Store, statement: str, table: str) -> None:
    given_commits(log)
    tracking = "tracking" if position(store) == "rowid" else "notification_tracking"
    tamper(store, statement.replace("{tracking}", tracking))
    assert changed_tables(log) == [table or "checkpoints"]


def test_the_last_commit_cut_off_with_its_digest_is_found_by_the_registry(
    log: Log, store: Store
) -> None:
    given_commits(log)
    log.append(reserving("d"))
    tamper(store, "DELETE FROM stored_events WHERE {position} = 6")
    tamper(store, "DELETE FROM digests WHERE position = 6")
    assert broken_commits(log) == []
    assert changed_tables(log) == ["numbers", "keys"]


def test_forgetting_a_customer_breaks_no_digest_and_renaming_one_neither(
    log: Log, store: Store
) -> None:
    given_commits(log)
    tamper(store, "UPDATE customers SET name = 'park' WHERE id = 'c2'")
    assert changed_tables(log) == []
    tamper(store, "DELETE FROM customers WHERE id = 'c1'")
    assert broken_commits(log) == []
    assert changed_tables(log, forgotten=["c1"]) == []


def test_an_event_that_was_stored_without_a_digest_is_found(any_log: Log) -> None:
    given_commits(any_log)
    insert_as_is(any_log, "airplane-2", 1, "AirplaneCreated.v1", b"{}")
    assert broken_commits(any_log) == [BrokenCommit(5, 6, "uncovered")]
    any_log.append(only(NEW_RESERVATION))
    assert broken_commits(any_log) == [BrokenCommit(5, 7)]


def test_a_row_that_no_commit_stores_is_found(any_log: Log) -> None:
    given_commits(any_log)
    for row in (
        EventRow(6, "airplane-2", -1, "AirplaneCreated.v1", b"{}"),
        EventRow(6, None, 1, "AirplaneCreated.v1", b"{}"),  # type: ignore[arg-type]
        EventRow(6, "airplane-2", 1, "AirplaneCreated.v1", None),  # type: ignore[arg-type]
    ):
        check = ChainCheck(digests_of(any_log))
        for stored in (*any_log.rows_after(0, 10), row):
            check.add(stored)
        check.end(any_log.digests.last())
        assert check.broken == [BrokenCommit(5, 6, "uncovered")]
