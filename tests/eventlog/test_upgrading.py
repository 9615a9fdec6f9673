"""A store of schema 1 is brought up to date whole, once, by the first that may do it."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog import chain
from airbook.eventlog.records import Receipt
from airbook.eventlog.verification import broken_commits, changed_tables, digests_of
from tests.eventlog.commits import EVENTS, PARKED
from tests.support.forked import context
from tests.support.other_processes import reserving
from tests.support.processes import SECONDS, at_once
from tests.support.schema_1 import make_schema_1, schema_of
from tests.support.stores import everything_in, execute, open_log
from tests.support.tampering import tamper


def upgraded(store: Store) -> Store:
    """Bring a store up to date, as its owner does."""
    store.create()
    return store


def test_everything_is_kept_and_covered_by_one_digest(older: Store) -> None:
    before = everything_in(older)
    after = everything_in(upgraded(older))
    assert {"keys" if table == "commands" else table: rows for table, rows in before.items()} == {
        table: rows for table, rows in after.items() if table not in {"actors", "digests"}
    }
    assert (schema_of(older), after["actors"]) == (2, [])
    with open_log(older) as log:
        assert [row[:2] for row in digests_of(log)] == [(EVENTS, 1)]
        assert (broken_commits(log), changed_tables(log)) == ([], [])
        assert [one.retry for one in log.registry.parked()] == [True]


def test_a_log_that_was_brought_up_to_date_goes_on(older: Store) -> None:
    with open_log(upgraded(older)) as log:
        assert log.append(reserving("a")) == Receipt(1, 2, repeated=True)
        assert log.append(reserving("z")) == Receipt(4, EVENTS + 1)
        assert log.registry.parked()[0].reservation == PARKED.reservation
        assert [row[:2] for row in digests_of(log)] == [(EVENTS, 1), (EVENTS + 1, 2)]
        assert (broken_commits(log), changed_tables(log)) == ([], [])


def test_the_digest_of_a_log_that_was_brought_up_to_date_covers_what_was_there(
    older: Store,
) -> None:
    upgraded(older)
    tamper(older, "UPDATE stored_events SET topic = 'X.v1' WHERE {position} = 2")
    with open_log(older) as log:
        assert [tuple(one) for one in broken_commits(log)] == [(0, EVENTS, "changed")]


def test_an_empty_log_that_is_brought_up_to_date_has_no_digest(store: Store) -> None:
    store.create()
    make_schema_1(store)
    with open_log(upgraded(store)) as log:
        assert [*digests_of(log)] == []
        log.append(reserving("a"))
        assert (broken_commits(log), changed_tables(log)) == ([], [])


def test_what_is_new_is_protected_as_in_a_new_log(older: Store, store: Store) -> None:
    with open_log(upgraded(older)) as log:
        assert log.diagnostics.complaints() == []
    for statement in ("DELETE FROM digests", "UPDATE digests SET number = 2"):
        with pytest.raises(Exception, match="digests are never"):
            execute(older, statement)


@pytest.mark.process
def test_four_processes_at_once_bring_a_log_up_to_date_once(older: Store) -> None:
    at_once(*[partial(upgraded, older)] * 4)
    with open_log(older) as log:
        assert [row[:2] for row in digests_of(log)] == [(EVENTS, 1)]
        assert (broken_commits(log), changed_tables(log)) == ([], [])


def upgrade_and_die(store: Store, *, after: bool) -> None:
    """Begin to bring a store up to date, and die before or after its rows were read."""
    module = "postgres" if isinstance(store, PostgresStore) else "sqlite"
    upgrade = __import__(f"airbook.eventlog.{module}.upgrade", fromlist=["first_digest"])

    def die(*rows: object) -> None:
        if after:
            chain.first_digest(*rows)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)

    vars(upgrade)["first_digest"] = die
    store.create()


@pytest.mark.process
@pytest.mark.parametrize("after", [False, True])
def test_a_process_killed_while_it_brings_a_log_up_to_date_leaves_it_as_it_was(
    older: Store, after: bool
) -> None:
    before = everything_in(older)
    process = context().Process(target=partial(upgrade_and_die, older, after=after))
    process.start()
    process.join(SECONDS)
    assert process.exitcode == -signal.SIGKILL
    assert (everything_in(older), schema_of(older)) == (before, 1)
    with open_log(upgraded(older)) as log:
        assert (broken_commits(log), changed_tables(log)) == ([], [])
