"""The doctor finds what anybody changes in a log, with the views and without them."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Inside
from tests.cli.test_doctor import ASSIGNED, Damage, append, healthy, oversold, tampered

__all__ = ["healthy"]
NINE_SEATS = append("airplane-1", 7, "SeatsChanged.v1", '{"seats":9}')
RELEASED = "SeatReleased.v1"


def seat_above_the_seats(inside: Inside):
    tampered(
        inside,
        append("airplane-1", 7, RELEASED, '{"reservation":1,"seat":1}'),
        append("airplane-1", 8, "SeatsChanged.v1", '{"seats":4}'),
    )


def released_by_another(inside: Inside):
    tampered(inside, append("airplane-1", 7, RELEASED, '{"reservation":6,"seat":5}'))


def released_another_seat(inside: Inside):
    tampered(inside, append("airplane-1", 7, RELEASED, '{"reservation":1,"seat":2}'))


def two_seats(inside: Inside):
    tampered(inside, NINE_SEATS, append("airplane-1", 8, ASSIGNED[0], ASSIGNED[1] % (1, 6)))


def held_by_nobody(inside: Inside):
    tampered(inside, NINE_SEATS, append("airplane-1", 8, ASSIGNED[0], ASSIGNED[1] % (7, 6)))


def cut_off(inside: Inside):
    tampered(inside, "DELETE FROM stored_events WHERE rowid > 16")


def cut_off_with_its_digests(inside: Inside):
    tampered(
        inside,
        "DELETE FROM stored_events WHERE rowid > 16",
        "DELETE FROM digests WHERE position > 16",
    )


def swapped(inside: Inside):
    tampered(
        inside,
        "UPDATE stored_events SET rowid = 99 WHERE rowid = 6",
        "UPDATE stored_events SET rowid = 6 WHERE rowid = 7",
        "UPDATE stored_events SET rowid = 7 WHERE rowid = 99",
    )


def changed(inside: Inside):
    state = "CAST(replace(CAST(state AS TEXT), '2026', '2027') AS BLOB)"
    tampered(inside, f"UPDATE stored_events SET state = {state} WHERE rowid = 7")  # noqa: S608


def a_customer_more(inside: Inside):
    tampered(inside, "INSERT INTO customers VALUES ('x', 'x')")


def a_number_lowered(inside: Inside):
    tampered(inside, "UPDATE numbers SET last = 5 WHERE kind = 'reservation'")


def a_checkpoint_moved(inside: Inside):
    tampered(inside, "UPDATE tracking SET notification_id = 17")


def a_checkpoint_ahead(inside: Inside):
    tampered(inside, "UPDATE tracking SET notification_id = 99")


def a_checkpoint_gone(inside: Inside):
    tampered(inside, "DELETE FROM tracking")


def a_key_gone(inside: Inside):
    inside("reserve", "1", "--key", "k")
    tampered(inside, "DELETE FROM keys")


def a_key_changed(inside: Inside):
    inside("reserve", "1", "--key", "k")
    tampered(inside, "UPDATE keys SET number = 1")


def a_key_ahead(inside: Inside):
    tampered(inside, "INSERT INTO keys VALUES ('k', 'c', 1, 99)")


def digests_gone(inside: Inside):
    tampered(inside, "DELETE FROM digests")


def a_digest_too_short(inside: Inside):
    tampered(inside, "UPDATE digests SET registry = x'00'")


FOUND: list[tuple[Damage, str]] = [
    (seat_above_the_seats, "no_such_seat"),
    (released_by_another, "released_unheld"),
    (released_another_seat, "released_unheld"),
    (two_seats, "two_seats"),
    (held_by_nobody, "seat_held"),
    (cut_off, "events_missing"),
    (cut_off_with_its_digests, "registry_changed"),
    (swapped, "events_changed"),
    (changed, "events_changed"),
    (oversold, "events_uncovered"),
    (a_customer_more, "registry_changed"),
    (a_number_lowered, "registry_changed"),
    (a_checkpoint_moved, "registry_changed"),
    (a_checkpoint_ahead, "checkpoint_ahead"),
    (a_checkpoint_gone, "registry_changed"),
    (a_key_gone, "registry_changed"),
    (a_key_changed, "registry_changed"),
    (a_key_ahead, "acknowledged_lost"),
    (digests_gone, "events_uncovered"),
    (a_digest_too_short, "digests_damaged"),
]


@pytest.mark.parametrize("views", ["with views", "without views"])
@pytest.mark.parametrize(("damage", "code"), FOUND, ids=[damage.__name__ for damage, _ in FOUND])
def test_it_finds(healthy: Inside, damage: Damage, code: str, views: str):
    damage(healthy)
    if views == "without views":
        healthy.views.unlink()
    answer = healthy("doctor")
    assert answer.code == 8, answer
    assert code in {line.partition("\t")[0] for line in answer.out.splitlines()}, answer


def test_a_forgotten_customer_is_no_finding(healthy: Inside):
    tampered(healthy, "DELETE FROM customers WHERE id = 'customer 3'")
    assert healthy("doctor").code == 0


def test_a_forgotten_actor_is_no_finding(healthy: Inside):
    assert healthy("reserve", "1", "--actor", "lee").code == 0
    tampered(healthy, "DELETE FROM actors WHERE name = 'lee'")
    assert healthy("doctor").code == 0
    tampered(healthy, "INSERT INTO actors VALUES ('a1', 'park')")
    answer = healthy("doctor")
    assert (answer.code, answer.out.partition("\t")[0]) == (8, "registry_changed")
