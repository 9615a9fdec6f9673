"""An older backup that is restored beside newer views gives right answers at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec import json

from tests.support.home import Home
from tests.support.stores import by_hand

WORDS = (("planes", "--json"), ("my-page", "--all", "--json"), ("history", "1", "--json"))
LOG = ("airbook.db", "airbook.db-wal", "airbook.db-shm")


def run(home: Home, *words: str) -> None:
    done = home.here(*words)
    assert done.code == 0, done


def reserve(home: Home, name: str, times: int) -> None:
    for number in range(times):
        run(home, "reserve", "1", "--customer", f"{name}{number}")


def lines(home: Home, event: str, errors: str) -> list[dict[str, object]]:
    found = [json.decode(line, type=dict[str, object]) for line in errors.splitlines() if line]
    return [line for line in found if line["event"] == event]


@pytest.fixture
def restored(tmp_path: Path) -> Home:
    """Return a home whose log is an older backup with more events, beside newer views."""
    home = Home(tmp_path / "home")
    run(home, "admin", "add-plane", "--seats", "20")
    reserve(home, "kim", 2)
    assert home.run("daemon", "--until-idle").code == 0
    backup = home.copy(tmp_path / "backup")
    reserve(home, "lee", 4)
    assert home.run("daemon", "--until-idle").code == 0
    run(home, "planes")
    for name in LOG:
        (home.path / name).unlink(missing_ok=True)
        if (backup.path / name).exists():
            shutil.copy(backup.path / name, home.path / name)
    reserve(home, "park", 9)
    return home


def answers(home: Home) -> list[str]:
    return [home.here(*words).out for words in WORDS]


def without_views(home: Home, folder: Path) -> list[str]:
    """Ask a copy of a home whose views are built anew."""
    copy = home.copy(folder)
    for file in copy.path.glob("airbook.views.db*"):
        file.unlink()
    return answers(copy)


def test_without_a_daemon_the_first_answer_is_right(restored: Home, tmp_path: Path) -> None:
    expected = without_views(restored, tmp_path / "anew")
    assert answers(restored) == expected
    assert "lee" not in "".join(expected)
    run(restored, "doctor")


def test_the_daemon_rebuilds_the_views_and_says_so_in_one_line(
    restored: Home, tmp_path: Path
) -> None:
    done = restored.run("daemon", "--until-idle")
    assert done.code == 0, done
    (line,) = lines(restored, "views_of_another_log", done.err)
    assert (line["level"], line["views"]) == (
        "warning",
        ["airplanes", "reservations", "history", "totals"],
    )
    assert answers(restored) == without_views(restored, tmp_path / "anew")
    again = restored.run("daemon", "--until-idle")
    assert lines(restored, "views_of_another_log", again.err) == []


def test_a_daemon_says_that_its_checkpoint_is_ahead_of_the_log(tmp_path: Path) -> None:
    home = Home(tmp_path)
    run(home, "admin", "add-plane", "--seats", "2")
    reserve(home, "kim", 1)
    assert home.run("daemon", "--until-idle").code == 0
    with by_hand(home.store) as connection:
        connection.execute("DROP TRIGGER events_never_go")
        connection.execute("DELETE FROM stored_events WHERE rowid > 2")
    done = home.run("daemon", "--once")
    (line,) = lines(home, "checkpoint_ahead", done.err)
    assert (line["level"], line["position"], line["head"]) == ("error", 4, 2)
