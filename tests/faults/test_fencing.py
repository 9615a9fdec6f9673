"""Two approvers at the same checkpoint decide each request once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from airbook.application.airbook import now
from airbook.application.commands import Reserve
from airbook.daemon.approver import Approver
from airbook.eventlog.records import Fenced
from tests.faults.promises import counts, keeps_its_promises
from tests.support.home import Home
from tests.support.processes import at_once
from tests.support.waiting import until


def decide_in_step(home: Home, me: str, other: str) -> list[str]:
    """Process the log event by event, each time from the same position as the other approver."""
    ended = list[str]()
    with home.airbook() as airbook:
        approver = Approver(airbook.log, now)
        while approver.position < airbook.log.head():
            meet(home.folder, f"{me}.{len(ended)}", f"{other}.{len(ended)}")
            try:
                approver.step(limit=1)
                ended.append("decided")
            except Fenced:
                ended.append("fenced")
                approver.restart()
    return ended


def meet(folder: Path, me: str, other: str) -> None:
    """Wait until the other process has reached the same point."""
    (folder / me).touch()
    until((folder / other).exists, f"{other} to come")


def test_from_the_same_position_one_decides_and_the_other_is_fenced(home: Home) -> None:
    with home.airbook() as airbook:
        assert home.here("admin", "add-plane", "--seats", "9").code == 0
        for number in range(20):
            airbook.execute(Reserve(1, f"customer {number}"))
        one, other = at_once(
            partial(decide_in_step, home, "one", "other"),
            partial(decide_in_step, home, "other", "one"),
        )
        assert airbook.log.checkpoint("approver") == airbook.log.head() == len(one)
    assert [{mine, yours} for mine, yours in zip(one, other, strict=True)] == [
        {"decided", "fenced"}
    ] * len(one)
    decided = counts(home)
    assert (decided["ReservationApproved"], decided["ReservationRejected"]) == (9, 11)
    keeps_its_promises(home)
