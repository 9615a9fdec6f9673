"""The health of a daemon follows the progress of its loop, and not a connection."""

from __future__ import annotations

from pathlib import Path

from airbook.application.observability.daemon_health import (
    HUNG_SECONDS,
    STUCK_SECONDS,
    daemon_checks,
)
from airbook.application.observability.health import Health
from airbook.application.observability.progress import Phase, Progress
from airbook.application.stores.sqlite import SQLiteStore
from airbook.eventlog.errors import StoreError
from tests.daemon.clock import Clock
from tests.support.locking import locked
from tests.support.stores import open_log

UP = Health("UP")
WITHIN_SECONDS = 5.0  # what operators are promised
A_MOMENT = 0.5


class Watched:
    """A loop on a clock that stands still, and the health that is judged by its reports."""

    def __init__(self, folder: Path, phase: Phase = "deciding") -> None:
        self.clock = Clock()
        self.progress = Progress(self.clock.monotonic)
        self.progress.phase = phase
        self.store = SQLiteStore(folder / "airbook.db")
        self.checks = daemon_checks(self.progress, self.store)

    def health(self, name: str, after: float = 0.0) -> Health:
        self.clock.seconds += after
        found = self.checks.health(name)
        assert found is not None
        return found


def test_what_is_attempted_again_and_again_with_success_is_healthy(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    for _ in range(100):
        watched.progress.beat()
        watched.progress.begin("decisions")
        watched.clock.seconds += STUCK_SECONDS - A_MOMENT
        watched.progress.succeed("decisions")
    assert watched.health("") == Health(
        "UP",
        {
            "livenessState": Health("UP", details={"seconds_since_progress": 2.5}),
            "readinessState": Health("UP", details={"phase": "deciding"}),
            "store": UP,
            "leases": UP,
            "decisions": UP,
            "views": UP,
        },
        groups=("liveness", "readiness"),
    )


def test_an_attempt_that_does_not_end_is_seen_in_time(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.progress.begin("decisions")
    assert watched.health("decisions", after=STUCK_SECONDS - A_MOMENT) == UP
    assert watched.health("decisions", after=WITHIN_SECONDS - STUCK_SECONDS) == Health(
        "DOWN",
        details={
            "seconds": WITHIN_SECONDS - A_MOMENT,
            "waits_for": f"The store sqlite:///{tmp_path}/airbook.db does not answer.",
        },
    )
    assert watched.health("readiness").status == "DOWN"
    watched.progress.succeed("decisions")
    assert watched.health("readiness").status == "UP"


def test_attempts_that_fail_again_and_again_are_seen_from_the_first_on(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    full = StoreError("store_full", "airbook.db")
    for _ in range(8):
        watched.progress.beat()
        watched.progress.begin("views")
        watched.progress.fail("views", full)
        watched.clock.seconds += A_MOMENT
    details = {"seconds": 4.0, "waits_for": str(full), "code": "store_full"}
    assert watched.health("views") == Health("DOWN", details=details)
    assert watched.health("decisions") == UP
    assert watched.health("").status == "DOWN"
    assert watched.health("liveness").status == "UP"


def test_who_holds_the_lock_is_named_while_the_first_attempt_lasts(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    with open_log(watched.store), locked(watched.store):
        watched.progress.begin("decisions")
        details = watched.health("decisions", after=4).details or {}
    sentence = "The store {} is busy: process {} has kept it locked for 4 s or longer."
    assert details == {
        "seconds": 4.0,
        "waits_for": sentence.format(watched.store.path, details["holder"]),
        "code": "store_busy",
        "holder": details["holder"],
    }


def test_a_loop_that_does_not_come_round_is_not_alive(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert watched.health("liveness", after=HUNG_SECONDS - A_MOMENT).status == "UP"
    assert watched.health("liveness", after=A_MOMENT) == Health(
        "DOWN",
        {"livenessState": Health("DOWN", details={"seconds_since_progress": HUNG_SECONDS})},
    )
    assert watched.health("readiness").status == "DOWN"


def test_a_daemon_that_opens_a_large_old_store_is_alive_and_not_ready(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "starting")
    watched.progress.begin("opening")
    assert watched.health("liveness", after=600).status == "UP"
    assert watched.health("readiness").status == "DOWN"


def test_only_a_daemon_that_decides_or_stands_by_is_ready(tmp_path: Path) -> None:
    phases: list[Phase] = ["starting", "standby", "deciding", "stopping"]
    statuses = [Watched(tmp_path, phase).health("readiness").status for phase in phases]
    assert statuses == ["OUT_OF_SERVICE", "UP", "UP", "OUT_OF_SERVICE"]
