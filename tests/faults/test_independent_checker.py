"""The independent checker finds each broken promise, and uses no code of airbook."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.faults import independent_checker, independent_ledger
from tests.faults.handmade import (
    CLOSED,
    OPENED,
    SOUND,
    Story,
    approved,
    asked,
    assigned,
    cancelled,
    confirmed,
    created,
    rejected,
    released,
    seats,
    written,
)
from tests.faults.independent_checker import Kept, check
from tests.support.home import ROOT, Home
from tests.support.stores import store_as_is

MODULES = [Path(str(one.__file__)) for one in (independent_checker, independent_ledger)]


def test_a_sound_store_has_no_problem(tmp_path: Path) -> None:
    at_head = f"INSERT INTO tracking VALUES ('approver', {len(SOUND)})"  # noqa: S608
    a_key = "INSERT INTO keys VALUES ('k', '', 4, 13)"
    store = written(tmp_path / "sound.db", SOUND, at_head, a_key)
    kept = [
        Kept("reservation-4", "ReservationRequested", 13, "k"),
        Kept("reservation-1", "ReservationCancelled"),
    ]
    assert (check(store, kept).problems, check(store).pending) == ([], 0)


def test_the_keys_of_a_store_of_the_first_schema_are_read(tmp_path: Path) -> None:
    keys = ("INSERT INTO keys VALUES ('k', '', 1, 2)", "ALTER TABLE keys RENAME TO commands")
    store = written(tmp_path / "old.db", [*created(1), *asked(1)], *keys)
    kept = [Kept("reservation-1", "ReservationRequested", 2, "k")]
    assert check(store, kept).problems == []


STORIES: Mapping[str, Story] = {
    "position 5: seat 2 of airplane 1 does not exist": [
        *created(1),
        *asked(1),
        *assigned(1, 1),
        *asked(2),
        *assigned(2, 2),
    ],
    "position 5: 2 of the 1 seats of airplane 1 are taken": [
        *created(1),
        *asked(1),
        *assigned(1, 1),
        *asked(2),
        *assigned(2, 2),
    ],
    "position 7: airplane 1 has 2 approved reservations of 1 seats": [
        *created(1),
        *asked(1),
        *approved(1, 1),
        *asked(2),
        *[("airplane-1", "SeatsChanged.v1", {"seats": 1})],
        *confirmed(2, 1),
    ],
    "position 5: reservation 1 is decided and was approved already": [
        *created(1),
        *asked(1),
        *approved(1, 1),
        *rejected(1, "no_seats_left"),
    ],
    "position 3: reservation 1 is requested twice": [*created(1), *asked(1), *asked(1)],
    "position 2: ReservationRejected of reservation 1, which was not requested so": [
        *created(1),
        *rejected(1, "no_seats_left"),
    ],
    "position 3: reservation 1 is rejected, and the airplane has free seats": [
        *created(1),
        *asked(1),
        *rejected(1, "no_seats_left"),
    ],
    "position 4: reservation 1 is decided airplane_closed, and was made at 2 when the airplane"
    " was open": [*created(1), *asked(1), *CLOSED, *rejected(1, "airplane_closed")],
    "position 3: reservation 1 is decided no_such_airplane, and was made at 2 when the airplane"
    " was open": [*created(1), *asked(1), *rejected(1, "no_such_airplane")],
    "position 4: reservation 1 is decided approved, and was made at 1 when the airplane was"
    " missing": [*asked(1), *created(1), *approved(1, 1)],
    "position 6: reservation 1 is decided approved, and was made at 3 when the airplane was"
    " closed": [*created(1), *CLOSED, *asked(1), *OPENED, *approved(1, 1)],
    "position 5: seat 2 of airplane 1 is taken and no longer exists": [
        *created(2),
        *asked(1),
        *approved(1, 2),
        *seats(1),
    ],
    "position 6: seat 1 of airplane 1 is assigned twice": [
        *created(2),
        *asked(1),
        *approved(1, 1),
        *asked(2),
        *approved(2, 1),
    ],
    "position 4: reservation 1 gets two seats of airplane 1": [
        *created(2),
        *asked(1),
        *assigned(1, 1),
        *assigned(1, 2),
    ],
    "position 2: reservation 1 gets a seat of airplane 1 unasked": [*created(2), *assigned(1, 1)],
    "position 3: reservation 1 is approved without holding seat 1": [
        *created(1),
        *asked(1),
        *confirmed(1, 1),
    ],
    "position 2: seat 1 of airplane 1 is not held by 1": [*created(1), *released(1, 1)],
    "position 5: seat 1 of airplane 1 is released and was not given back": [
        *created(1),
        *asked(1),
        *approved(1, 1),
        *released(1, 1),
    ],
    "position 3: reservation 1 gives back seat 1 and has None": [
        *created(1),
        *asked(1),
        *cancelled(1, 1),
    ],
    "position 4: reservation 1 is cancelled and was cancelled already": [
        *created(1),
        *asked(1),
        *cancelled(1, None),
        *cancelled(1, None),
    ],
    "position 2: airplane 1 is created twice": [*created(1), *created(1)],
    "position 3: reservation 1 is received and holds seat 1 of airplane 1": [
        *created(1),
        *asked(1),
        *assigned(1, 1),
    ],
    "position 2: AirplaneLost.v1 of airplane-1 cannot be read": [
        *created(1),
        ("airplane-1", "AirplaneLost.v1", {}),
    ],
}


@pytest.mark.parametrize("sentence", STORIES)
def test_a_story_that_breaks_a_promise_is_found(sentence: str, tmp_path: Path) -> None:
    assert sentence in check(written(tmp_path / "broken.db", STORIES[sentence])).problems


CHANGES = {
    "position 15: the next event is at 15": "DELETE FROM stored_events WHERE rowid = 14",
    "position 14: airplane-1 has version 9 after 4": "UPDATE stored_events"
    " SET originator_version = 9 WHERE rowid = 14",
    "position 2: reservation 1 was passed over": "DELETE FROM stored_events WHERE rowid > 3",
    "position 15: the approver's checkpoint is 99, beyond the last event": "UPDATE tracking"
    " SET notification_id = 99",
    "position 13: key 'k' names 3, and there is reservation-4": "UPDATE keys SET number = 3",
    "position 15: reservation-4 is beyond the last reservation, 3": "UPDATE numbers SET last = 3"
    " WHERE kind = 'reservation'",
    "position 15: key 'k' of reservation-4 was acknowledged and is lost": "DELETE FROM keys",
    "position 13: ReservationRequested of reservation-4 was acknowledged and is lost": "DELETE"
    " FROM stored_events WHERE rowid >= 13",
    "position 8: SeatReleased.v1 of airplane-1 cannot be read": "UPDATE stored_events"
    " SET state = x'ff' WHERE rowid = 8",
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_a_change_by_hand_is_found(sentence: str, tmp_path: Path) -> None:
    at_head = "INSERT INTO tracking VALUES ('approver', 15)"
    a_key = "INSERT INTO keys VALUES ('k', '', 4, 13)"
    changed = written(tmp_path / "changed.db", SOUND, at_head, a_key, CHANGES[sentence])
    kept = [Kept("reservation-4", "ReservationRequested", 13, "k")]
    assert sentence in check(changed, kept).problems


def test_a_parked_or_pending_request_is_not_passed_over(tmp_path: Path) -> None:
    story = [*created(1), *asked(1), *asked(2)]
    rows = ("INSERT INTO parked VALUES (1)", "INSERT INTO tracking VALUES ('approver', 2)")
    ledger = check(written(tmp_path / "parked.db", story, *rows))
    assert (ledger.problems, ledger.pending) == ([], 2)


def test_approvers_that_share_the_airplanes_are_as_far_as_the_last_of_them(tmp_path: Path) -> None:
    both = "INSERT INTO tracking VALUES ('approver-1-of-2', 3), ('approver-2-of-2', 2)"
    ledger = check(written(tmp_path / "shared.db", [*created(1), *asked(1), *asked(2)], both))
    assert ledger.problems == ["position 2: reservation 1 was passed over"]


def test_it_reads_what_the_program_writes(home: Home) -> None:
    assert home.here("admin", "add-plane", "--seats", "1").code == 0
    assert home.here("reserve", "1", "--key", "k").code == 0
    kept = [Kept("reservation-1", "ReservationRequested", 2, "k")]
    store = home.url or home.store
    assert (check(store, kept).problems, check(store).pending) == ([], 1)
    state = json.dumps({"at": "2026-11-22T09:00:00.000Z", "data": {"seats": 2}}).encode()
    store_as_is(home.kept, "airplane-1", 2, "AirplaneCreated.v1", state)
    assert check(store).problems == ["position 3: airplane 1 is created twice"]


def test_as_a_program_it_prints_the_problems(tmp_path: Path) -> None:
    cases: Sequence[tuple[Story, tuple[int, str]]] = (
        (SOUND, (0, "\n")),
        ([*created(1), *created(1)], (1, "airplane 1 is created")),
    )
    for story, expected in cases:
        store = written(tmp_path / f"{len(story)}.db", story)
        words = [sys.executable, "-m", independent_checker.__name__, str(store)]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, expected[1] in done.stdout) == (expected[0], True), done


def test_it_imports_nothing_of_airbook() -> None:
    code = "import sys, tests.faults.independent_checker; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [one for one in done.stdout.split() if one.partition(".")[0] == "airbook"] == []
    own = {f"tests.faults.{module.stem}" for module in MODULES}
    for module in MODULES:
        names = imported(module)
        assert {one for one in names if one.startswith("tests")} <= own
        assert {one for one in names if one.partition(".")[0] not in sys.stdlib_module_names} <= {
            "psycopg",
            *own,
        }


def imported(module: Path) -> set[str]:
    """Return the modules that a file imports, also inside its functions."""
    nodes = list(ast.walk(ast.parse(module.read_text())))
    direct = {name.name for one in nodes if isinstance(one, ast.Import) for name in one.names}
    return direct | {str(one.module) for one in nodes if isinstance(one, ast.ImportFrom)}
