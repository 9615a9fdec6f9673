"""The tokens of the gateway, in a file and on a server: made, recognized, expired, revoked."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from airbook.application.responses import Token
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.application.tokens.issuing import issue_token, listed, revoke_token
from airbook.application.tokens.table import Tokens
from airbook.application.tokens.token import is_secret_of, issue, parts_of
from airbook.eventlog.errors import StoreError
from tests.support.stores import execute

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AT, IN_A_DAY = "2026-11-22T09:00:00.000Z", "2026-11-23T09:00:00.000Z"
DAY = timedelta(days=1)


@pytest.fixture
def tokens(store: Store) -> Iterator[Tokens]:
    with closing(store.open_tokens()) as opened:
        yield opened


def test_a_shown_token_is_recognized_and_no_other(tokens: Tokens):
    assert not tokens.exist()
    issued = issue_token(tokens, "kim", "customer", NOW, DAY)
    other = issue_token(tokens, "lee", "admin", NOW, None)
    token_id, secret = parts_of(issued.token) or ("", "")
    stored = tokens.find(token_id)
    assert stored is not None
    assert (stored.subject, stored.role, stored.expires_at) == ("kim", "customer", IN_A_DAY)
    assert is_secret_of(stored, secret)
    assert not is_secret_of(stored, (parts_of(other.token) or ("", ""))[1])
    assert not is_secret_of(stored, secret[:-1])
    assert tokens.exist()
    assert tokens.find("ffffffff") is None


def test_the_secret_is_stored_nowhere(tokens: Tokens):
    issued = issue_token(tokens, "kim", "customer", NOW, DAY)
    (stored,) = tokens.all()
    _, secret = parts_of(issued.token) or ("", "")
    assert secret not in repr(stored)
    assert len(stored.mac) == 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "airbook_",
        "airbook_1f0c22ab_",
        "airbook_1F0C22AB_" + "a" * 22,
        "airbook_1f0c22ab_" + "a" * 23,
        "airbook_1f0c22ab_" + "ａ" * 22,
        "x" * 5_000,
    ],
)
def test_a_text_that_is_no_token(text: str):
    assert parts_of(text) is None


def test_a_token_expires_at_its_second_and_stays_revoked(tokens: Tokens):
    for subject in ("kim", "lee"):
        issue_token(tokens, subject, "reader", NOW, DAY)
    kim, lee = listed(tokens, NOW)
    assert {kim.status, lee.status} == {"active"}
    assert revoke_token(tokens, kim.token_id, NOW) == Token(
        kim.token_id, kim.subject, "reader", "revoked", AT, IN_A_DAY, AT
    )
    assert revoke_token(tokens, kim.token_id, NOW + DAY) == listed(tokens, NOW + DAY)[0]
    before, after = NOW + DAY - timedelta(milliseconds=1), NOW + DAY
    assert [one.status for one in listed(tokens, before)] == ["revoked", "active"]
    assert [one.status for one in listed(tokens, after)] == ["revoked", "expired"]
    assert listed(tokens, after)[0].revoked_at == AT
    assert revoke_token(tokens, "ffffffff", NOW) is None


def test_two_tokens_are_never_alike():
    made = [issue("kim", "admin", now=NOW, until=None) for _ in range(100)]
    assert len({text for _, text in made}) == len({token.key for token, _ in made}) == 100


def test_the_file_is_for_its_owner_and_reading_does_not_create_it(tmp_path: Path):
    store = SQLiteStore(tmp_path / "airbook.db")
    before = os.umask(0)
    try:
        with closing(store.open_tokens()) as tokens:
            assert listed(tokens, NOW) == []
            assert not store.tokens_path.exists()
            issue_token(tokens, "kim", "customer", NOW, DAY)
    finally:
        os.umask(before)
    assert stat.S_IMODE(store.tokens_path.stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path):
    store = SQLiteStore(tmp_path / "airbook.db")
    store.tokens_path.write_bytes(b"no database" * 100)
    with closing(store.open_tokens()) as tokens, pytest.raises(StoreError) as raised:
        tokens.all()
    assert raised.value.code == "tokens_damaged"


def test_a_role_that_does_not_exist_is_damage(store: Store, tokens: Tokens):
    issue_token(tokens, "kim", "customer", NOW, DAY)
    place = store.tokens_path if isinstance(store, SQLiteStore) else store
    execute(place, "UPDATE tokens SET role = 'king'")
    with pytest.raises(StoreError) as raised:
        tokens.all()
    assert raised.value.code == "tokens_damaged"


def test_a_server_whose_owner_made_no_table_is_of_an_older_airbook(database: str):
    store = PostgresStore(database)
    store.create()
    execute(store, "DROP TABLE tokens")
    with closing(store.open_tokens()) as tokens, pytest.raises(StoreError) as raised:
        tokens.all()
    assert raised.value.code == "store_older"
    store.create()
    with closing(store.open_tokens()) as tokens:
        assert tokens.all() == []
