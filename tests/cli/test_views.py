"""The commands below `views`: their lag, rebuilding them, and a damaged file."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Inside
from tests.support.answers import refused
from tests.support.stores import by_hand, open_log
from tests.support.stories import at

NAMES = ["airplanes", "reservations", "history", "totals"]


@pytest.fixture
def views(five_seats: Inside) -> Inside:
    """Let the views catch up with the log."""
    five_seats("planes")
    return five_seats


def test_status_before_and_after_catching_up(five_seats: Inside):
    behind = five_seats.json("views", "status")
    assert [(one["name"], one["position"], one["lag_events"]) for one in behind] == [
        (name, 0, 18) for name in NAMES
    ]
    five_seats("planes")
    assert five_seats.json("views", "status") == [
        {"name": name, "position": 18, "lag_events": 0, "lag_seconds": 0.0} for name in NAMES
    ]


def test_rebuilt_is_the_same(views: Inside):
    before = [views(*words, "-o", "json").raw for words in (["planes"], ["my-page", "--all"])]
    answer = views("views", "rebuild", "reservations", "-o", "csv")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "name,position,lag_events,lag_seconds\r\n" + "".join(
        f"{name},18,0,0.0\r\n" for name in NAMES
    )
    assert views("views", "rebuild").code == 0
    after = [views(*words, "-o", "json").raw for words in (["planes"], ["my-page", "--all"])]
    assert after == before


@pytest.mark.parametrize("damage", [b"not a database at all\n" * 99, b"\0" * 8_192, b"\1\2\3"])
def test_a_rebuild_repairs_a_damaged_file(views: Inside, damage: bytes):
    before = views("my-page", "--all").raw
    file = views.store.with_name("airbook.views.db")
    for beside in file.parent.glob("airbook.views.db-*"):
        beside.unlink()
    file.write_bytes(damage)
    answer = views("my-page", "--all")
    if answer.code:  # SQLite reads some of them as an empty file
        assert (answer.code, refused(answer)[1]) == (1, "hint: airbook views rebuild")
    assert views("views", "rebuild").code == 0
    assert views("my-page", "--all").raw == before
    assert views("doctor").code == 0


def test_without_its_file_nothing_is_lost(views: Inside):
    before = views("my-page", "--all").raw
    for file in views.store.parent.glob("airbook.views.db*"):
        file.unlink()
    assert views("my-page", "--all").raw == before


def test_views_of_another_log_are_rebuilt(views: Inside):
    for file in views.store.parent.glob("airbook.db*"):
        if file.is_file():
            file.unlink()
    with open_log(views.store) as log:
        assert log.head() == 0
    assert views.json("my-page", "--all") == []


def test_a_view_behind_says_for_how_long(views: Inside):
    with by_hand(views.store) as connection:
        state = f'{{"at":"{at(19)}","data":{{"seats":6}}}}'.encode()
        row = ("airplane-1", 7, "SeatsChanged.v1", state)
        connection.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
    lag = views.json("views", "status")[0]
    assert (lag["lag_events"], lag["lag_seconds"] >= 0) == (1, True)
    assert views.json("plane", "1")["seats"] == 6
