"""What must be true after every fault, and what a process may say when it meets one."""

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
from tests.support.answers import Answer
from tests.support.home import Home

# A stream and the event that was acknowledged for it: ("reservation-3", "ReservationRequested").
Acknowledged = AbstractSet[tuple[str, str]]
EVENTS_LABEL = {
    "reserve": ("reservation", "ReservationRequested"),
    "cancel": ("reservation", "ReservationCancelled"),
    "admin": ("airplane", "AirplaneCreated"),
}
NO_DAEMON = [
    "No daemon is running: reservations wait until one is.",
    "hint: airbook daemon",
]


def acknowledged_by(done: Answer, command: str) -> Acknowledged:
    """Tell what a command acknowledged: whatever it printed an answer for."""
    if command not in EVENTS_LABEL or not done.out:
        return set()
    kind, event = EVENTS_LABEL[command]
    return {(f"{kind}-{int(line.split()[0])}", event) for line in done.out.splitlines()}


def keeps_its_promises(home: Home, acknowledged: Acknowledged = frozenset()) -> None:
    """Nothing acknowledged is missing, and whoever comes next finds everything in order."""
    if home.kept.is_made():  # else nothing was begun, and the doctor has nobody to look at
        is_healthy(home)
    daemon = home.run("daemon", "--until-idle")
    assert daemon.code == 0, daemon
    nothing_is_lost(home, acknowledged)
    reserved = home.here("reserve", "1")
    assert (reserved.code, reserved.out[:1].isdigit()) == (0, True), reserved
    nothing_is_lost(home, acknowledged_by(reserved, "reserve"), waiting=1)
    is_healthy(home)


def is_healthy(home: Home) -> None:
    doctor = home.here("doctor")
    assert doctor.code == 0, doctor


def nothing_is_lost(home: Home, acknowledged: Acknowledged, *, waiting: int = 0) -> None:
    """What was acknowledged is there, and all but so many are decided, once, within the seats."""
    events = everything(home)
    there = {(str(recorded.stream), recorded.type) for recorded in events}
    assert acknowledged <= there, f"acknowledged and lost: {acknowledged - there}"
    assert undecided(events) == waiting
    never_more_than_there_are(events)


def everything(home: Home) -> list[RecordedEvent]:
    """Read the whole log."""
    events = list[RecordedEvent]()
    with home.airbook() as airbook:
        while batch := airbook.log.after(len(events), limit=1_000):
            events += batch
    assert [recorded.position for recorded in events] == list(range(1, len(events) + 1))
    return events


def undecided(events: list[RecordedEvent]) -> int:
    """Count requests without a decision; the others must have exactly one, or be cancelled."""
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
    """At no moment is a seat given twice, or one that there is not."""
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
    """It failed, acknowledged nothing, and said why in one sentence with a hint; no traceback."""
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
