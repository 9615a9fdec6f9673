"""Connections of the views that broke while nobody used them: the pool replaces them."""

from __future__ import annotations

from typing import Any, cast

import psycopg
import pytest
from psycopg import Connection

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.errors import translate_errors
from airbook.projections.store import Views


def pooled(views: Views) -> Connection[Any]:
    """Return the connection that the pool lends next."""
    with views.reading() as connection:
        return cast("Connection[Any]", connection.connection.driver_connection)


def leave_in_the_middle(connection: Connection[Any]) -> None:
    connection.pgconn.send_query(b"SELECT pg_sleep(0)")


def lose(connection: Connection[Any]) -> None:
    connection.close()


@pytest.mark.parametrize("break_it", [leave_in_the_middle, lose])
def test_the_pool_hands_out_no_broken_connection(views: Views, break_it: Any) -> None:  # noqa: ANN401
    broken = pooled(views)
    break_it(broken)
    assert views.position() == 0
    assert pooled(views) is not broken


def change(connection: Connection[Any], url: str) -> None:
    with translate_errors(url):
        connection.autocommit = True


def test_a_connection_that_cannot_be_changed_because_it_broke_is_a_lost_one(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    with psycopg.connect(store.secret_url) as connection:
        connection.execute("SELECT 1")
        with pytest.raises(psycopg.ProgrammingError):  # an error of the program stays one
            change(connection, store.secret_url)
        connection.close()
        with pytest.raises(StoreError) as error:
            change(connection, store.secret_url)
    assert (error.value.code, error.value.passing) == ("store_unreachable", True)
