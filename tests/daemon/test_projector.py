"""Views that are not of this log, or are gone, while a daemon projects."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores import PostgresStore, Store
from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from tests.support.fresh_stores import Fresh
from tests.support.stores import execute, path_of
from tests.support.views import catch_up, open_views


@pytest.fixture
def book(store: Store) -> Generator[Airbook]:
    with Airbook(store) as opened:
        yield opened


def projected(projector: Projector) -> None:
    for _ in range(20):
        if not projector.step():
            return
    raise AssertionError("the projector is never idle")


def seats(book: Airbook) -> list[int]:
    return [plane.seats for plane in book.pages.airplanes()]


def test_views_of_another_log_are_all_rebuilt(book: Airbook, fresh: Fresh) -> None:
    book.begin()
    with fresh.store() as elsewhere, Airbook(elsewhere) as other:
        other.execute(CreateAirplane(7))
        other.execute(CreateAirplane(8))
        with open_views(other.log, book.store) as views:
            catch_up(views)
    book.execute(CreateAirplane(5))
    projector = Projector(book)
    projected(projector)
    assert (projector.views.out_of_date(), seats(book)) == ([], [5])


def test_views_taken_away_are_begun_anew(book: Airbook) -> None:
    book.execute(CreateAirplane(5))
    projector = Projector(book)
    projected(projector)
    if isinstance(book.store, PostgresStore):
        execute(book.store, "DROP SCHEMA airbook_views CASCADE")
        execute(book.store, "CREATE SCHEMA airbook_views")
        book.close_pages()  # on a server, whoever opens them next makes them
    else:
        for file in path_of(book.store).parent.glob("airbook.views.db*"):
            file.unlink()
    book.execute(CreateAirplane(6))
    projected(projector)
    assert projector.position == 2
    assert seats(book) == [5, 6]
