"""The checks after every fault: of the store, and of the output of a process."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Set as AbstractSet

from airbook.domain.airplane import AirplaneCreated, SeatAssigned, SeatReleased, SeatsChanged
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.records import RecordedEvent
from tests.faults.independent_checker import Kept, check
from tests.faults.independent_ledger import Ledger
from tests.support.answers import Answer
from tests.support.home import Home

# A stream and the event that was acknowledged for it: ("reservation-3", "ReservationRequested").
Acknowledged = AbstractSet[tuple[str, str]]
ACKNOWLEDGED_EVENTS = {
    "reserve": ("reservation", "ReservationRequested"),
    "cancel": ("reservation", "ReservationCancelled"),
    "admin": ("airplane", "AirplaneCreated"),
}
NO_DAEMON = [
    "No daemon is running: reservations wait until one is.",
    "hint: airbook daemon",
]


def acknowledged_by(done: Answer, command: str) -> Acknowledged:
    """Return the events that a command acknowledged by printing an answer."""
    if command not in ACKNOWLEDGED_EVENTS or not done.out:
        return set()
    kind, event = ACKNOWLEDGED_EVENTS[command]
    return {(f"{kind}-{int(line.split()[0])}", event) for line in done.out.splitlines()}


def keeps_its_promises(home: Home, acknowledged: Acknowledged = frozenset()) -> None:
    """Check that nothing acknowledged is missing, and that the next commands work."""
    if home.kept.is_made():  # the doctor needs a store
        is_healthy(home)
    daemon = home.run("daemon", "--until-idle")
    assert daemon.code == 0, daemon
    nothing_is_lost(home, acknowledged)
    reserved = home.here("reserve", "1")
    assert (reserved.code, reserved.out[:1].isdigit()) == (0, True), reserved
    nothing_is_lost(home, acknowledged_by(reserved, "reserve"), pending=1)
    is_healthy(home)


def is_healthy(home: Home) -> None:
    doctor = home.here("doctor")
    assert doctor.code == 0, doctor
    is_sound(home)


def is_sound(home: Home, acknowledged: Acknowledged = frozenset()) -> Ledger:
    """Check the store with a reader of its database that uses no code of airbook."""
    ledger = check(home.url or home.store, (Kept(*one) for one in acknowledged))
    assert ledger.problems == []
    return ledger


def nothing_is_lost(home: Home, acknowledged: Acknowledged, *, pending: int = 0) -> None:
    """Check that all acknowledged events are stored, and each request is decided once.

    pending: how many requests have no decision.
    """
    events = everything(home)
    there = {(str(recorded.stream), recorded.type) for recorded in events}
    assert acknowledged <= there, f"acknowledged and lost: {acknowledged - there}"
    assert undecided(events) == pending
    never_more_than_there_are(events)
    assert is_sound(home, acknowledged).pending == pending


def everything(home: Home) -> list[RecordedEvent]:
    """Return all events of the log."""
    events = list[RecordedEvent]()
    with home.airbook() as airbook:
        while batch := airbook.log.after(len(events), limit=1_000):
            events += batch
    assert [recorded.position for recorded in events] == list(range(1, len(events) + 1))
    return events


def undecided(events: list[RecordedEvent]) -> int:
    """Count the pending requests; each other one must have one decision, or be cancelled."""
    open_, decisions = dict[int, bool](), Counter[int]()
    for recorded in events:
        number = recorded.stream.number
        match recorded.event:
            case ReservationRequested():
                assert number not in open_, f"reservation {number} was requested twice"
                open_[number] = True
            case ReservationApproved() | ReservationRejected():
                assert open_[number], f"reservation {number} was decided when nothing was open"
                decisions[number] += 1
                open_[number] = False
            case ReservationCancelled():
                open_[number] = False
            case _:
                pass
    assert all(times == 1 for times in decisions.values()), f"decided twice: {decisions}"
    return sum(open_.values())


def never_more_than_there_are(events: list[RecordedEvent]) -> None:
    """Check that no seat is assigned twice, and no more seats than the airplane has."""
    seats, taken = dict[int, int](), defaultdict[int, set[int]](set)
    for recorded in events:
        plane = recorded.stream.number
        match recorded.event:
            case AirplaneCreated(seats=many) | SeatsChanged(seats=many):
                seats[plane] = many
            case SeatAssigned(seat=seat):
                assert seat not in taken[plane], (
                    f"seat {seat} was given twice at {recorded.position}"
                )
                taken[plane].add(seat)
            case SeatReleased(seat=seat):
                taken[plane].remove(seat)
            case _:
                pass
        assert len(taken[plane]) <= seats.get(plane, 0) or recorded.stream.kind != "airplane"


def counts(home: Home) -> Counter[str]:
    """Count the events of each type."""
    return Counter(recorded.type for recorded in everything(home))


def says_one_sentence(done: Answer, *, hint: str | None = None) -> None:
    """Check that a command failed with one sentence and a hint, and acknowledged nothing."""
    daemons_log = [line for line in done.err.splitlines() if line.startswith("{")]
    said = [line for line in done.err.splitlines() if line not in daemons_log]
    if said[:2] == NO_DAEMON:
        del said[:2]
    assert done.code in {1, 7}, done
    assert done.out == "", done
    assert len(said) == 2, done
    assert said[0].endswith("."), done
    assert "inside airbook" not in said[0], done
    assert said[1] == f"hint: {hint}" if hint else said[1].startswith("hint: "), done
