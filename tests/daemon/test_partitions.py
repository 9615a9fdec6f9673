"""Several approvers, each with a partition of the airplanes, decide as one approver does."""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.maintenance.doctor import examine
from airbook.application.responses import Reservation
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.daemon.approver import Approver
from airbook.daemon.state_cache import KnownAirplane, StateCache
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.partition import APPROVER, WHOLE, Partition, settled_up_to
from airbook.eventlog.records import ParkedReservation
from airbook.eventlog.rows import Rows
from tests.support.stores import store_as_is
from tests.support.stories import at

THREE = [Partition(number, 3) for number in (1, 2, 3)]
AIRPLANES = 8


@pytest.fixture
def airbook(store: Store) -> Generator[Airbook]:
    with Airbook(store) as opened:
        opened.create_if_missing()
        yield opened


def approvers(airbook: Airbook, partitions: Sequence[Partition]) -> list[Approver]:
    return [Approver(airbook.log, airbook.clock, one) for one in partitions]


def settle(deciding: Sequence[Approver], chance: random.Random) -> None:
    """Let approvers take turns in random order until the whole log is settled."""
    head = deciding[0].log.head
    while any(one.position < head() for one in deciding):
        chance.choice(deciding).step(limit=chance.choice((1, 3, 500)))


def execute_commands(airbook: Airbook, seed: int, deciding: Sequence[Approver]) -> None:
    """Execute random commands, and let the approvers decide from time to time."""
    chance, turns = random.Random(seed), random.Random(seed)
    for _ in range(AIRPLANES):
        airbook.execute(CreateAirplane(3))
    for number in range(60):
        airbook.execute(Reserve(chance.randint(1, AIRPLANES + 1), f"customer {number % 7}"))
        if number % 10 == 9:
            settle(deciding, turns)
        try:
            match number % 6:
                case 3:
                    airbook.execute(CancelReservation(), chance.randint(1, number))
                case 4:
                    airbook.execute(ChangeSeats(4), chance.randint(1, AIRPLANES))
                case 5 if number > 40:
                    airbook.execute(CloseAirplane(), chance.randint(1, AIRPLANES))
                case _:
                    pass
        except Refused:
            continue
    settle(deciding, turns)


def without_times(one: Reservation) -> tuple[object, ...]:
    return one.id, one.airplane, one.customer, one.status, one.seat, one.reason


@pytest.mark.parametrize("seed", range(5))
def test_three_approvers_decide_as_one_does(airbook: Airbook, seed: int, tmp_path: Path) -> None:
    execute_commands(airbook, seed, approvers(airbook, THREE))
    with Airbook(SQLiteStore(tmp_path / "alone.db")) as alone:
        alone.create_if_missing()
        execute_commands(alone, seed, approvers(alone, [WHOLE]))
        expected = [without_times(one) for one in alone.queries.reservations()]
    assert [without_times(one) for one in airbook.queries.reservations()] == expected
    assert examine(airbook).findings == []


def test_every_airplane_is_in_one_partition_and_no_partition_is_empty() -> None:
    owners = [[one for one in THREE if one.owns(airplane)] for airplane in range(1, 101)]
    assert [len(found) for found in owners] == [1] * 100
    assert {found[0] for found in owners} == set(THREE)


def test_the_partition_of_an_airplane_never_changes() -> None:
    assert [next(one.number for one in THREE if one.owns(n)) for n in range(1, 11)] == [
        *(3, 2, 2, 2, 2, 2, 1, 3, 1, 1)
    ]


def test_each_partition_has_a_checkpoint_of_its_own(airbook: Airbook) -> None:
    for airplane in range(1, 9):
        airbook.execute(Reserve(airplane, "kim"))
    settle(approvers(airbook, THREE[:2]), random.Random(1))
    assert set(airbook.log.registry.checkpoints()) == {f"{APPROVER}-1-of-3", f"{APPROVER}-2-of-3"}


def test_settled_events_are_not_read_again_when_the_number_of_partitions_changes(
    airbook: Airbook,
) -> None:
    airbook.execute(CreateAirplane(5))
    airbook.execute_all([Order(Reserve(1, "kim"))] * 600)
    settle(approvers(airbook, [WHOLE]), random.Random(1))
    begun = [one.position for one in approvers(airbook, THREE)]
    assert begun == [airbook.log.head()] * 3


@pytest.mark.parametrize(
    ("checkpoints", "position"),
    [
        ({}, 0),
        ({"approver": 7}, 7),
        ({"approver-1-of-2": 9}, 0),
        ({"approver-1-of-2": 9, "approver-2-of-2": 4}, 4),
        ({"approver": 7, "approver-1-of-2": 9, "approver-2-of-2": 4}, 7),
        ({"approver": 3, "approver-1-of-2": 9, "approver-2-of-2": 4, "approver-1-of-3": 99}, 4),
        ({"approver": 3, "another subscriber": 9}, 3),
    ],
)
def test_a_log_is_settled_up_to_the_lowest_checkpoint_of_its_partitions(
    checkpoints: dict[str, int], position: int
) -> None:
    assert settled_up_to(checkpoints) == position


def test_an_unreadable_request_is_parked_by_one_partition(airbook: Airbook, store: Store) -> None:
    airbook.execute(CreateAirplane(1))
    state = f'{{"at":"{at(2)}","data":{{"airplane":"one","customer":"c1"}}}}'.encode()
    store_as_is(store, "reservation-900", 1, "ReservationRequested.v1", state)
    settle(approvers(airbook, THREE), random.Random(1))
    assert [one.reservation for one in outcome.parked(airbook)] == [900]


@pytest.mark.parametrize("partition", THREE)
def test_an_approver_settles_the_airplanes_of_its_partition_only(
    airbook: Airbook, partition: Partition
) -> None:
    every = range(1, AIRPLANES + 1)
    for airplane in every:
        airbook.execute(CreateAirplane(1))
        airbook.execute(Reserve(airplane, "kim"))
    settle(approvers(airbook, [partition]), random.Random(1))
    assert taken(airbook) == [one for one in every if partition.owns(one)]
    settle(approvers(airbook, THREE), random.Random(1))
    for reservation in every:
        airbook.execute(CancelReservation(), reservation)
    settle(approvers(airbook, [partition]), random.Random(1))
    assert taken(airbook) == [one for one in every if not partition.owns(one)]


def taken(airbook: Airbook) -> list[int]:
    """List the airplanes of which a seat is taken."""
    return [plane.id for plane in airbook.queries.airplanes() if plane.taken]


def test_a_retry_waits_for_the_partition_of_its_airplane(airbook: Airbook) -> None:
    for _ in range(3):
        airbook.execute(CreateAirplane(1))
    airbook.execute(Reserve(2, "kim"))
    airbook.execute(Reserve(1, "lee"))
    fault = ParkedReservation(1, 4, "a fault of yesterday", at(4))
    airbook.log.insert(Rows(parked=[fault]))
    airbook.log.retry(1)
    first, second, third = approvers(airbook, THREE)
    for _ in ("with events to read", "without"):
        first.step()
        third.step()
        assert [one.state for one in outcome.parked(airbook)] == ["retrying"]
        assert statuses(airbook) == ["received", "approved"]
    second.step()
    assert outcome.parked(airbook) == []
    assert statuses(airbook) == ["approved", "approved"]


def statuses(airbook: Airbook) -> list[str]:
    return [one.status for one in airbook.queries.reservations()]


def fails(_: StateCache, __: int) -> KnownAirplane:
    raise ValueError("not now")


def test_a_parked_reservation_is_retried_by_the_partition_of_its_airplane(
    airbook: Airbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        airbook.execute(CreateAirplane(1))
    airbook.execute(Reserve(2, "kim"))
    with monkeypatch.context() as patched:
        patched.setattr(StateCache, "airplane", fails)
        settle(approvers(airbook, THREE), random.Random(1))
    assert [one.state for one in outcome.parked(airbook)] == ["parked"]
    airbook.log.retry(1)
    for one in approvers(airbook, THREE):
        one.step()
    assert outcome.parked(airbook) == []
    assert outcome.reservation(airbook, 1).status == "approved"


def test_a_retry_with_a_damaged_second_event_waits_for_the_partition_of_its_airplane(
    airbook: Airbook, store: Store
) -> None:
    airbook.execute(Reserve(2, "kim"))
    store_as_is(store, "reservation-1", 2, "ReservationCancelled.v1", b"{}")
    airbook.log.insert(Rows(parked=[ParkedReservation(1, 1, "a fault of yesterday", at(1))]))
    airbook.log.retry(1)
    first, second, third = approvers(airbook, THREE)
    for one in (first, third):
        assert one.step() is None
    assert [one.state for one in outcome.parked(airbook)] == ["retrying"]
    assert second.step() is not None
    assert [one.state for one in outcome.parked(airbook)] == ["parked"]
