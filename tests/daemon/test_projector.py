"""Views that are not of this log, or are gone, while a daemon projects."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from airbook.runtime.book import Airbook


@pytest.fixture
def book(tmp_path: Path) -> Generator[Airbook]:
    with Airbook(tmp_path / "airbook.db") as opened:
        yield opened


def projected(projector: Projector) -> None:
    for _ in range(20):
        if not projector.step():
            return
    raise AssertionError("the projector is never idle")


def seats(book: Airbook) -> list[int]:
    return [plane.seats for plane in book.pages.airplanes()]


def test_views_of_another_log_are_all_rebuilt(book: Airbook, tmp_path: Path) -> None:
    with Airbook(tmp_path / "other.db") as other:
        other.execute(CreateAirplane(7))
        other.execute(CreateAirplane(8))
        projected(Projector(other))
        other.log.recorder.checkpoint(1_000)
    (tmp_path / "other.views.db").rename(book.views_file)
    book.execute(CreateAirplane(5))
    projector = Projector(book)
    projected(projector)
    assert (projector.views.out_of_date(), seats(book)) == ([], [5])


def test_views_taken_away_are_begun_anew(book: Airbook) -> None:
    book.execute(CreateAirplane(5))
    projector = Projector(book)
    projected(projector)
    for file in book.views_file.parent.glob("airbook.views.db*"):
        file.unlink()
    book.execute(CreateAirplane(6))
    projected(projector)
    assert projector.position == 2
    assert seats(book) == [5, 6]
