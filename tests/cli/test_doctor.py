"""The doctor: no finding in a sound store, a line and exit code 8 for each kind of damage."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from airbook.eventlog.records import Checkpoint, Transaction
from airbook.projections.models import airplanes, history, reservations
from tests.cli.conftest import Inside
from tests.support.answers import without_what_varies
from tests.support.stores import by_hand, open_log
from tests.support.stories import NINE

APPROVED = ("ReservationApproved.v1", '{"airplane":1,"seat":%d}')
ASSIGNED = ("SeatAssigned.v1", '{"reservation":%d,"seat":%d}')
REJECTED = ("ReservationRejected.v1", '{"airplane":1,"reason":"no_seats_left"}')
Damage = Callable[[Inside], None]


def tampered(inside: Inside, *statements: str):
    """Damage the store with SQLite, past its triggers, and create the triggers again."""
    with by_hand(inside.store) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)


def append(stream: str, version: int, topic: str, data: str) -> str:
    state = f'{{"at":"2026-11-22T09:00:01.000Z","data":{data}}}'
    values = f"'{stream}', {version}, '{topic}', CAST('{state}' AS BLOB)"
    return f"INSERT INTO stored_events VALUES ({values})"  # noqa: S608 -- the test damages the store


def oversold(inside: Inside):
    tampered(
        inside,
        append("airplane-1", 7, ASSIGNED[0], ASSIGNED[1] % (6, 6)),
    )


def one_seat_twice(inside: Inside):
    tampered(
        inside,
        append("airplane-1", 7, "SeatsChanged.v1", '{"seats":9}'),
        append("airplane-1", 8, ASSIGNED[0], ASSIGNED[1] % (6, 5)),
    )


def gap(inside: Inside):
    tampered(inside, "DELETE FROM stored_events WHERE originator_id = 'reservation-6'")


def version_gap(inside: Inside):
    tampered(
        inside, append("reservation-6", 9, "ReservationCancelled.v1", '{"airplane":1,"seat":null}')
    )


def decided_twice(inside: Inside):
    tampered(inside, append("reservation-1", 3, *REJECTED))


def decided_unasked(inside: Inside):
    tampered(inside, append("reservation-7", 1, *REJECTED))


def approved_without_seat(inside: Inside):
    tampered(
        inside,
        append("reservation-7", 1, "ReservationRequested.v1", '{"airplane":1,"customer":"x"}'),
        append("reservation-7", 2, APPROVED[0], APPROVED[1] % 3),
    )


def stuck(inside: Inside):
    inside("reserve", "1")
    tampered(
        inside,
        "UPDATE tracking SET notification_id = 19",
    )


def unreadable(inside: Inside):
    tampered(inside, append("airplane-1", 7, "SeatsChanged.v1", '{"seats":"many"}'))


def not_even_json(inside: Inside):
    tampered(
        inside,
        "INSERT INTO stored_events VALUES ('airplane-1', 7, 'SeatsChanged.v1', x'ff00fe')",
    )


def of_a_newer_program(inside: Inside):
    tampered(inside, append("airplane-1", 7, "SeatsChanged.v99", '{"seats":9}'))


def of_an_unknown_noun(inside: Inside):
    tampered(inside, append("balloon-1", 1, "BalloonFilled.v1", "{}"))


def of_no_noun(inside: Inside):
    tampered(inside, append("nonsense", 1, "BalloonFilled.v1", "{}"))


def in_the_wrong_stream(inside: Inside):
    tampered(
        inside,
        append("reservation-6", 3, "AirplaneCreated.v1", '{"seats":9}'),
        append("reservation-6", 4, "ReservationCancelled.v1", '{"airplane":1,"seat":null}'),
    )


def lost(inside: Inside):
    with by_hand(inside.store) as connection:
        connection.execute("UPDATE numbers SET last = 7 WHERE kind = 'reservation'")


def parked(inside: Inside):
    with by_hand(inside.store) as connection:
        connection.execute("INSERT INTO parked VALUES (6, 7, 'a reason', '2026', 0, 0)")


def without_its_triggers(inside: Inside):
    with by_hand(inside.store) as connection:
        connection.execute("DROP TRIGGER events_never_change")


def a_row_changed(inside: Inside):
    with by_hand(inside.store.with_name("airbook.views.db")) as connection:
        connection.execute(
            f"UPDATE {reservations.TABLE.name} SET seat = 9 WHERE id = 1 AND until IS NULL"  # noqa: S608
        )


def a_row_gone(inside: Inside):
    with by_hand(inside.store.with_name("airbook.views.db")) as connection:
        connection.execute(f"DELETE FROM {history.TABLE.name} WHERE reservation = 5")  # noqa: S608


def a_row_more(inside: Inside):
    with by_hand(inside.store.with_name("airbook.views.db")) as connection:
        connection.execute(
            f"INSERT INTO {airplanes.TABLE.name} VALUES (9, 'x', 1, 0, 0, 'open', 18, NULL)"  # noqa: S608
        )


def readable_by_all(inside: Inside):
    inside.store.chmod(0o644)


def views_readable_by_all(inside: Inside):
    inside.store.with_name("airbook.views.db").chmod(0o640)


def pages_damaged(inside: Inside):
    with by_hand(inside.store) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root, size = connection.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema"
            " WHERE name = 'customers'"
        ).fetchone()
    with inside.store.open("r+b") as file:
        file.seek((root - 1) * size + size - 100)
        file.write(b"\xff" * 100)


FOUND: list[tuple[Damage, str]] = [
    (oversold, "oversold"),
    (one_seat_twice, "seat_sold_twice"),
    (gap, "gap"),
    (version_gap, "version_gap"),
    (decided_twice, "decided_twice"),
    (decided_unasked, "decided_twice"),
    (approved_without_seat, "approved_without_seat"),
    (stuck, "stuck"),
    (unreadable, "unreadable_event"),
    (not_even_json, "unreadable_event"),
    (of_a_newer_program, "unreadable_event"),
    (of_an_unknown_noun, "unreadable_event"),
    (of_no_noun, "unreadable_event"),
    (in_the_wrong_stream, "unreadable_event"),
    (lost, "acknowledged_lost"),
    (parked, "parked"),
    (without_its_triggers, "damaged"),
    (a_row_changed, "view_differs"),
    (a_row_gone, "view_differs"),
    (a_row_more, "view_differs"),
    (readable_by_all, "file_mode"),
    (views_readable_by_all, "file_mode"),
    (pages_damaged, "damaged"),
]


@pytest.fixture
def healthy(five_seats: Inside) -> Inside:
    """Let the views and the approver catch up with the log."""
    five_seats("planes")
    with open_log(five_seats.store) as log:
        log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver", 18)))
    return five_seats


def test_all_is_well(healthy: Inside):
    answer = healthy("doctor")
    assert (answer.code, answer.out) == (0, "All is well: 18 events, 4 views.\n")
    assert healthy.json("doctor") == {
        "healthy": True,
        "events": 18,
        "views": 4,
        "findings": [],
        "notes": [],
    }


def test_an_empty_store_is_well(empty: Inside):
    assert empty("doctor").code == 0


@pytest.mark.parametrize(("damage", "code"), FOUND, ids=[damage.__name__ for damage, _ in FOUND])
def test_it_finds(healthy: Inside, damage: Damage, code: str):
    damage(healthy)
    answer = healthy("doctor")
    found = [line.split("\t") for line in answer.out.splitlines()]
    assert answer.code == 8, answer
    assert code in {one for one, _ in found}, answer
    assert all(sentence[0].isalpha() or sentence[0] == "/" for _, sentence in found)
    told = json.loads(healthy("doctor", "-o", "json").raw)
    assert told["healthy"] is False
    assert [one["code"] for one in told["findings"]] == [one for one, _ in found]
    messages = [f"{one['message'].removesuffix('.')}. {one['remedy']}" for one in told["findings"]]
    assert [without_what_varies(one) for one in messages] == [sentence for _, sentence in found]
    assert all(one["remedy"] for one in told["findings"])
