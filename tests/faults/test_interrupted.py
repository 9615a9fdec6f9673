"""A server crashes or closes connections: acknowledged events are kept, the daemon goes on."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import DictRow

from airbook.application.commands import Reserve
from airbook.eventlog.postgres import recorder
from airbook.eventlog.postgres.writes import insert, look_up
from airbook.eventlog.rows import Lookup, LookupResult, Rows
from tests.faults.interrupting import connections_are_cut, server_crashes
from tests.faults.losing import each_is_stored_once
from tests.support.home import Home
from tests.support.postgres_server import Server

SEED = 20_261_122


def test_a_server_crashes_under_load(served: Home, server: Server) -> None:
    server_crashes(served, server, times=2, seed=SEED)


def test_connections_are_cut_at_random(served: Home, server: Server) -> None:
    connections_are_cut(served, server, times=20, seed=SEED)


@pytest.mark.parametrize("key", ["k", None])
@pytest.mark.parametrize("given_again", [True, False])
def test_the_id_of_a_transaction_that_a_crash_took_proves_nothing(
    served: Home,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    *,
    key: str | None,
    given_again: bool,
) -> None:
    lost = list[int]()

    def look_up_and_note(
        connection: Connection[DictRow], lookup: Lookup
    ) -> tuple[LookupResult, str]:
        result, transaction = look_up(connection, lookup)
        lost.append(int(transaction))
        return result, transaction

    def insert_and_crash(connection: Connection[DictRow], rows: Rows) -> None:
        insert(connection, rows)
        if len(lost) == 1:
            server.kill()
            server.start()
            if given_again:
                use_up_ids(served, lost[0])

    assert served.here("admin", "add-plane", "--seats", "5").code == 0
    with served.airbook() as airbook:
        assert airbook.execute(Reserve(1, "kim")).number == 1
        monkeypatch.setattr(recorder, "look_up", look_up_and_note)
        monkeypatch.setattr(recorder, "insert", insert_and_crash)
        receipt = airbook.execute(Reserve(1, "kim"), key=key)
    assert (receipt.number, receipt.position, len(lost)) == (2, 3, 2)
    monkeypatch.undo()
    each_is_stored_once(served, 2)


def use_up_ids(home: Home, last: int) -> None:
    """Commit transactions until the server has assigned this transaction id again."""
    assert home.url is not None
    with psycopg.connect(home.url, autocommit=True) as connection:
        query = "SELECT pg_current_xact_id()::text::bigint"
        ids = iter(lambda: int((connection.execute(query).fetchone() or (0,))[0]), last)
        assert all(one < last for one in ids)
