"""Commands that are killed at one of their writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.promises import (
    Acknowledged,
    acknowledged_by,
    everything,
    keeps_its_promises,
    undecided,
)
from tests.faults.trace import Call, calls_of, some_of, struck
from tests.support.home import Home
from tests.support.waiting import until

KILL = "signal=SIGKILL"
KILLED = -9


class Scene(NamedTuple):
    """The acknowledged commands before, and the command that is killed."""

    before: Sequence[Sequence[str]]
    command: Sequence[str]


PLANE = ("admin", "add-plane", "--seats", "2")
SEAT = ("reserve", "1")
DECIDE = ("daemon", "--until-idle")
SCENES = {
    "the first reservation of a new store": Scene((), SEAT),
    "the first airplane of a new store": Scene((), PLANE),
    "a reservation": Scene((PLANE, SEAT), SEAT),
    "an airplane": Scene((PLANE, SEAT), PLANE),
    "a cancellation": Scene((PLANE, SEAT, DECIDE), ("cancel", "1")),
    "the first decisions": Scene((PLANE, SEAT, SEAT, SEAT), DECIDE),
    "more decisions": Scene((PLANE, SEAT, DECIDE, ("cancel", "1"), SEAT, SEAT, SEAT), DECIDE),
}


def set_up(scene: Scene, folder: Path) -> tuple[Home, Acknowledged]:
    """Run the commands before; returns the home and what they acknowledged."""
    home, acknowledged = Home(folder), set[tuple[str, str]]()
    for words in scene.before:
        done = (home.run if words[0] == "daemon" else home.here)(*words)
        assert done.code == 0, done
        acknowledged |= acknowledged_by(done, words[0])
    return home, acknowledged


def killed_at_its_writes(scene: Scene, folder: Path, many: int | None) -> int:
    """Kill the command at some of its writes, each in a new home; returns their number.

    many: how many writes; None means all, and one write more, which the command never reaches.
    """
    before, acknowledged = set_up(scene, folder / "before")
    calls = calls_of(before.copy(folder / "counted"), scene.command)
    assert calls
    chosen = some_of(calls, many)
    for number, call in enumerate(chosen):
        home = before.copy(folder / str(number))
        is_killed_at(home, scene, call, acknowledged)
    if many is None:
        for kind, last in Counter(call.name for call in calls).items():
            home = before.copy(folder / kind)
            assert struck(home, scene.command, Call(kind, last + 1), KILL).code == 0
    return len(chosen)


def is_killed_at(home: Home, scene: Scene, call: Call, acknowledged: Acknowledged) -> None:
    done = struck(home, scene.command, call, KILL)
    print(f"{' '.join(scene.command)}: killed at {call.name} {call.nth}")
    assert done.code == KILLED, (call, done)
    keeps_its_promises(home, acknowledged | acknowledged_by(done, scene.command[0]))


def killed_beside_a_daemon(folder: Path, many: int | None) -> int:
    """Kill `reserve` at some of its writes while a daemon runs; returns their number.

    many: how many writes; None means all.
    """
    home, before = set_up(SCENES["a reservation"], folder)
    acknowledged = set(before)
    with home.daemon():
        chosen = some_of(calls_of(home, SEAT), many)
        for call in chosen:
            done = struck(home, SEAT, call, KILL)
            assert done.code == KILLED, (call, done)
            answer = home.here(*SEAT)
            assert answer.code == 0, answer
            acknowledged |= acknowledged_by(answer, "reserve")
            until(lambda: undecided(everything(home)) == 0, "all to be decided")
    keeps_its_promises(home, acknowledged)
    return len(chosen)
