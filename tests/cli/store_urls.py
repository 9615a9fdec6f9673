"""What the tests of `store` begin with."""

from __future__ import annotations

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store

BEGINNING = (("admin", "add-plane", "--seats", "5"), ("reserve", "1"), ("daemon", "--until-idle"))


def url_of(store: Store) -> str:
    """Return the URL of a store with its password."""
    return store.secret_url if isinstance(store, PostgresStore) else store.url
