"""`status --watch` in a pipe: the status is printed again when the log has grown, not before."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.home import Home
from tests.support.stores import let_tick

SENTENCES = (
    "Store: sqlite:///{store}, {position} events.\n"
    "Daemon: not running. Start it: airbook daemon\n"
    "Airplanes: 1.\n"
    "Reservations: {received} received, 5 approved, 1 rejected, 0 cancelled.\n"
    "Views: <some> events behind.\n"
    "Parked: 0.\n"
)


@pytest.fixture
def watched(home: Home) -> Home:
    """Create a store with the story of five seats; its views have caught up."""
    home.record_five_seats()
    assert home.here("planes").code == 0
    return home


def test_people_read_sentences_after_each_growth(watched: Home):
    with watched.running("status", "--watch", "-o", "table") as watching:
        let_tick(watched.store)
        let_tick(watched.store)
        before = watching.stdout.contents().decode()
        watched.here("reserve", "1")
        let_tick(watched.store)
        after = watching.stdout.contents().decode()
    first = SENTENCES.format(store=watched.store, position=18, received=0)
    second = SENTENCES.format(store=watched.store, position=19, received=1)
    # The views are behind unless an earlier look at the log has caught them up.
    shown = [re.sub("[0-9]+ events behind", "<some> events behind", one) for one in (before, after)]
    assert shown == [first, first + second]


@pytest.mark.parametrize("output", ["json", "jsonl", "plain"])
def test_programs_read_a_line_after_each_growth(watched: Home, output: str):
    with watched.running("status", "--watch", "-o", output) as watching:
        lines = [watching.stdout.readline()]
        watched.here("reserve", "1")
        lines.append(watching.stdout.readline())
        let_tick(watched.store)
        assert watching.stdout.contents().decode() == "".join(lines)
    if output != "plain":
        found = [json.loads(line) for line in lines]
        assert [(one["position"], one["reservations"]["received"]) for one in found] == [
            (18, 0),
            (19, 1),
        ]
