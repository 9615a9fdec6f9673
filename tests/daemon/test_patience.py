"""The patience of a daemon: what it says of a trouble, how long it rests, and when it gives up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from airbook.application.patience import (
    BUSY_SECONDS,
    PAUSES,
    Patience,
    Pauses,
    is_of_views,
)
from airbook.eventlog.errors import StoreError, Trouble
from tests.daemon.clock import Clock
from tests.daemon.logged import Logged

FULL = StoreError("store_full", "airbook.db")
VIEWS_FULL = StoreError("store_full", "airbook.views.db")
BUSY = StoreError("store_busy", "airbook.db")
GONE = StoreError("store_gone", "airbook.db")
DAMAGED = StoreError("store_damaged", "airbook.db")
TOLD = {"event": "store_full", "log_level": "warning", "store": "airbook.db"}
RECOVERED = {
    "event": "recovered",
    "log_level": "info",
    "trouble": "store_full",
    "store": "airbook.db",
}


class Tried:
    """Activities of a daemon, whose work raises an error or returns a number."""

    def __init__(self, *, lasting: bool = True) -> None:
        self.clock = Clock()
        self._logged = Logged()
        self.patience = Patience(
            self._logged.logger, lasting=lasting, monotonic=self.clock.monotonic
        )
        self.tries = 0

    def attempt(
        self,
        activity: str = "decisions",
        error: StoreError | None = None,
        after: float = 0.0,
        **habits: Any,  # noqa: ANN401 -- those of `Patience.attempt`
    ) -> int | None:
        def work() -> int:
            self.tries += 1
            if error:
                raise error
            return self.tries

        self.clock.seconds += after
        return self.patience.attempt(activity, work, **habits)

    def said(self) -> Sequence[Mapping[str, Any]]:
        return self._logged.lines()


def test_a_trouble_is_said_once_and_so_is_its_end() -> None:
    tried = Tried()
    for _ in range(10):
        assert tried.attempt(error=FULL, after=60) is None
    assert (tried.tries, tried.said()) == (10, [TOLD])
    assert (tried.attempt(after=60), tried.attempt()) == (11, 12)
    assert tried.said() == [{**RECOVERED, "after_seconds": 600.0}]
    tried.attempt(error=FULL)
    assert tried.said() == [TOLD]


def test_the_pauses_grow_up_to_a_longest() -> None:
    tried = Tried()
    pause, pauses = PAUSES.first, list[float]()
    tried.attempt(error=FULL)
    while pause < PAUSES.longest:
        pauses.append(pause)
        before = tried.tries
        assert tried.attempt(after=pause / 2 - 0.01) is None
        assert tried.tries == before, pause
        tried.attempt(error=FULL, after=pause / 2 + 0.01)
        assert tried.tries == before + 1, pause
        pause *= 2
    assert len(pauses) > 3
    for _ in range(3):
        before = tried.tries
        tried.attempt(error=FULL, after=PAUSES.longest)
        assert tried.tries == before + 1


def test_an_activity_has_its_own_pauses_and_its_trouble_lasts_until_it_is_over() -> None:
    tried, is_over = Tried(), False

    def attempt(error: StoreError | None = None, after: float = 0.0) -> int | None:
        pauses = Pauses(30.0, 60.0)
        return tried.attempt("rebuild", error, after, pauses=pauses, is_over=lambda: is_over)

    attempt(FULL)
    for pause in (30.0, 60.0, 60.0):
        assert (attempt(after=pause / 2 - 1), attempt(after=pause / 2 + 1)) == (None, tried.tries)
        assert attempt(FULL) is None
    assert (attempt(after=60), tried.patience.has_trouble("rebuild")) == (tried.tries, True)
    assert tried.said() == [TOLD]
    is_over = True
    assert attempt() == tried.tries
    assert tried.said() == [{**RECOVERED, "after_seconds": 210.0}]


def test_an_activity_that_fails_does_not_stop_another() -> None:
    tried = Tried()
    assert tried.attempt("views", VIEWS_FULL) is None
    assert [tried.attempt("decisions"), tried.attempt("views")] == [2, None]
    assert tried.patience.has_trouble("views")
    assert not tried.patience.has_trouble("decisions")
    assert [line["store"] for line in tried.said()] == ["airbook.views.db"]


def test_a_trouble_of_two_activities_is_said_once_and_ends_with_the_last() -> None:
    tried = Tried()
    tried.attempt("decisions", FULL)
    tried.attempt("views", FULL)
    assert tried.said() == [TOLD]
    assert tried.attempt("decisions", after=1) is not None
    assert tried.said() == []
    assert tried.attempt("views", after=1) is not None
    assert tried.said() == [{**RECOVERED, "after_seconds": 2.0}]


def test_two_troubles_that_alternate_are_said_once_each() -> None:
    tried = Tried()
    for error in (FULL, BUSY, FULL, BUSY):
        tried.attempt(error=error, after=60)
    tried.attempt(after=60)
    assert [(line["event"], line.get("trouble")) for line in tried.said()] == [
        ("store_full", None),
        ("store_busy", None),
        ("recovered", "store_busy"),
    ]


@pytest.mark.parametrize(
    "code",
    ["store_damaged", "store_foreign", "store_newer", "store_older", "store_missing"],
)
@pytest.mark.parametrize("lasting", [True, False])
def test_a_final_trouble_is_raised(code: Trouble, lasting: bool) -> None:
    tried, error = Tried(lasting=lasting), StoreError(code, "airbook.db")
    with pytest.raises(StoreError) as raised:
        tried.attempt(error=error)
    assert raised.value is error


def test_no_trouble_of_the_views_is_final_and_an_error_of_the_program_is() -> None:
    tried = Tried()

    def fail(error: Exception) -> None:
        raise error

    assert tried.patience.attempt("views", lambda: fail(DAMAGED), is_of_views) is None
    tried.clock.seconds += 60
    with pytest.raises(ZeroDivisionError):
        tried.patience.attempt("views", lambda: fail(ZeroDivisionError()), is_of_views)
    with pytest.raises(StoreError):
        tried.patience.attempt("views", lambda: fail(GONE), is_of_views)


def test_a_daemon_that_ends_by_itself_gives_an_activity_up_and_waits_for_a_busy_store() -> None:
    tried = Tried(lasting=False)
    tried.attempt("views", VIEWS_FULL)
    assert (tried.attempt("views", after=60), tried.tries) == (None, 1)
    tried.attempt(error=BUSY)
    tried.attempt(error=BUSY, after=BUSY_SECONDS - 1)
    assert tried.patience.failures == {"views": VIEWS_FULL}
    tried.attempt(error=BUSY, after=60)
    assert tried.patience.failures == {"views": VIEWS_FULL, "decisions": BUSY}
    assert not any(map(tried.patience.has_trouble, ("views", "decisions")))
