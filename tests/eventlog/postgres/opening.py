"""The ways in which airbook opens a store on a server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from airbook.application.stores.store import Store
from tests.support.other_processes import reserving
from tests.support.stores import open_log
from tests.support.views import database_of

Opening = Callable[[Store], None]


def read_the_log(store: Store) -> None:
    with open_log(store) as log:
        log.head()


def commit(store: Store) -> None:
    with open_log(store) as log:
        log.append(reserving("a"))


def read_the_views(store: Store) -> None:
    with closing(database_of(store)) as database, database.reading():
        pass


def take_the_lease(store: Store) -> None:
    store.lease().acquire()


OPENINGS: tuple[Opening, ...] = (read_the_log, commit, read_the_views, take_the_lease)
