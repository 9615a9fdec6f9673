"""The proxy passes messages on, and loses those that it is asked to lose."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from tests.support.postgres_server import SECONDS, Server
from tests.support.proxy import Proxy
from tests.support.waiting import until

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(autouse=True)
def _a_table(server: Server, database: str) -> None:
    server.execute("CREATE TABLE kept (answer text)", database)


def kept(server: Server, database: str) -> list[tuple[object, ...]]:
    return server.execute("TABLE kept", database)


def plainly(connection: Connection) -> None:
    connection.execute("INSERT INTO kept VALUES ('yes')")
    connection.commit()


def in_a_pipeline(connection: Connection) -> None:
    with connection.pipeline():
        connection.execute("INSERT INTO kept VALUES (%s)", ("yes",))
        connection.commit()


def prepared(connection: Connection) -> None:
    connection.execute("INSERT INTO kept VALUES (%s)", ("yes",), prepare=True)
    connection.execute("COMMIT", prepare=True)


ways = pytest.mark.parametrize("commit", [plainly, in_a_pipeline, prepared])


@ways
def test_by_default_every_message_is_passed_on(
    proxy: Proxy, server: Server, database: str, commit: Callable[[Connection], None]
):
    with psycopg.connect(proxy.url(database)) as connection:
        commit(connection)
    assert (kept(server, database), proxy.done) == ([("yes",)], Counter(connections=1))


def test_long_messages_are_passed_on(proxy: Proxy, database: str):
    long = "좌석" * 1_000_000
    with psycopg.connect(proxy.url(database)) as connection:
        assert connection.execute("SELECT %s", (long,)).fetchall() == [(long,)]


@ways
def test_a_commit_whose_reply_is_dropped_is_stored(
    proxy: Proxy, server: Server, database: str, commit: Callable[[Connection], None]
):
    with closing(psycopg.connect(proxy.url(database))) as connection:
        proxy.drop_commit_replies(1)
        with pytest.raises(psycopg.OperationalError):
            commit(connection)
    assert kept(server, database) == [("yes",)]
    assert proxy.done == Counter(connections=1, replies_dropped=1)


@ways
def test_a_commit_that_is_cut_is_not_stored(
    proxy: Proxy, server: Server, database: str, commit: Callable[[Connection], None]
):
    with closing(psycopg.connect(proxy.url(database))) as connection:
        proxy.cut_before_commit(1)
        with pytest.raises(psycopg.OperationalError):
            commit(connection)
    assert kept(server, database) == []
    assert proxy.done == Counter(connections=1, commits_cut=1)


def test_it_loses_as_many_replies_as_it_was_asked_to(proxy: Proxy, server: Server, database: str):
    proxy.drop_commit_replies(2)
    for _ in range(2):
        with (
            closing(psycopg.connect(proxy.url(database))) as connection,
            pytest.raises(psycopg.OperationalError),
        ):
            plainly(connection)
    with psycopg.connect(proxy.url(database)) as connection:
        plainly(connection)
    assert kept(server, database) == [("yes",)] * 3
    assert proxy.done == Counter(connections=3, replies_dropped=2)


def test_the_reply_to_a_failed_commit_is_passed_on(proxy: Proxy, server: Server, database: str):
    proxy.drop_commit_replies(1)
    with psycopg.connect(proxy.url(database)) as connection:
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute("SELECT nothing")
        connection.commit()
    assert proxy.done == Counter(connections=1)


def test_a_claimed_version_is_all_that_clients_see_differently(proxy: Proxy, database: str):
    with psycopg.connect(proxy.url(database)) as connection:
        version = connection.info.server_version
    proxy.claim_version("9.6.24")
    with psycopg.connect(proxy.url(database)) as connection:
        assert connection.info.server_version == 90_624
        assert connection.info.parameter_status("server_encoding") == "UTF8"
        assert connection.execute("SHOW server_version_num").fetchall() == [(str(version),)]


def test_a_silent_proxy_answers_no_client_until_it_speaks(proxy: Proxy, database: str):
    with psycopg.connect(proxy.url(database)) as connection, ThreadPoolExecutor(1) as elsewhere:
        proxy.go_silent()
        answer = elsewhere.submit(lambda: connection.execute("SELECT 1").fetchall())
        assert proxy.holds.wait(SECONDS)
        assert not answer.done()
        proxy.speak()
        assert answer.result(SECONDS) == [(1,)]


def test_a_silent_proxy_accepts_new_connections_and_answers_none(proxy: Proxy):
    asks_for_tls = (8).to_bytes(4) + (80877103).to_bytes(4)
    proxy.go_silent()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=SECONDS) as connection:
        connection.sendall(asks_for_tls)
        assert proxy.holds.wait(SECONDS)
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        proxy.speak()
        connection.settimeout(SECONDS)
        assert connection.recv(1) == b"N"


def test_a_silent_proxy_can_still_close_connections(proxy: Proxy, database: str):
    with closing(psycopg.connect(proxy.url(database))) as connection:
        proxy.go_silent()
        proxy.cut()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert proxy.done == Counter(connections=1, cut=1)


def test_a_commit_sent_during_silence_arrives_after_its_client_gave_up(
    proxy: Proxy, server: Server, database: str
):
    with closing(psycopg.connect(proxy.url(database))) as connection:
        connection.execute("INSERT INTO kept VALUES ('late')")
        proxy.go_silent()
        connection.pgconn.send_query(b"COMMIT")
        assert proxy.holds.wait(SECONDS)
    assert kept(server, database) == []
    proxy.speak()
    until(lambda: kept(server, database), "the commit to arrive")
    assert kept(server, database) == [("late",)]


def test_after_a_cut_a_new_connection_works(proxy: Proxy, server: Server, database: str):
    with closing(psycopg.connect(proxy.url(database))) as connection:
        proxy.cut()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with psycopg.connect(proxy.url(database)) as connection:
        plainly(connection)
    assert kept(server, database) == [("yes",)]
    assert proxy.done == Counter(connections=2, cut=1)


def test_the_proxy_continues_after_the_server_crashed(proxy: Proxy, server: Server, database: str):
    server.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(proxy.url(database))
    server.start()
    with psycopg.connect(proxy.url(database)) as connection:
        plainly(connection)
    assert kept(server, database) == [("yes",)]
