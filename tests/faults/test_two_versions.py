"""Two versions of airbook on one store, as during a rolling upgrade: each has views of its own."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.home import Home
from tests.support.next_version import VERSION, next_version
from tests.support.stores import every_view_in

WORDS = (("planes",), ("my-page", "--all"))


def answers(home: Home) -> list[object]:
    return [home.json(*words) for words in WORDS]


def versions(home: Home) -> dict[str, int]:
    """Return the other versions that `store check` names, and where their views are."""
    said = home.json("store", "check")
    return {
        note["version"]: note["position"]
        for note in said["notes"]
        if note["code"] == "other_version"
    }


def reserve(home: Home, customer: str) -> str:
    answer = home("reserve", "1", "--customer", customer, "--wait", "-o", "json")
    return str(answer.document["status"])


def test_each_version_answers_from_views_of_its_own(home: Home, tmp_path: Path):
    newer = next_version(home, tmp_path / "next")
    assert newer("--version").out.strip().endswith(VERSION)
    home("admin", "add-plane", "--seats", "3")
    with home.daemon():
        assert [reserve(home, "kim"), reserve(newer, "lee")] == ["approved", "approved"]
        assert answers(home) == answers(newer)
    tables = every_view_in(home.kept)
    with newer.daemon():
        assert [reserve(newer, "park"), reserve(home, "choi")] == ["approved", "rejected"]
        assert answers(home) == answers(newer)
    assert every_view_in(home.kept).keys() == tables.keys()
    made = {re.sub("_[0-9a-f]{8}$", "", name) for name in tables}
    assert (len(tables), made) == (
        7,
        {"airplanes", "checkpoints", "history", "reservations", "totals"},
    )
    head = home.json("events")[-1]["position"]
    mine = home("--version").out.split()[-1]
    assert (versions(home), versions(newer)) == ({VERSION: head}, {mine: head})
    assert [one("doctor").code for one in (home, newer)] == [0, 0]
