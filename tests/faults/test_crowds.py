"""Every request is answered, and exactly as many seats are assigned as there are."""

from __future__ import annotations

from tests.faults.crowding import a_daemon_comes_late, crowd_reserves
from tests.support.home import Home


def test_four_hundred_ask_three_daemons_for_a_hundred_seats(home: Home) -> None:
    crowd_reserves(home, seats=100, requests=400, by_command=8)


def test_a_thousand_wait_for_a_daemon_that_comes_late(home: Home) -> None:
    a_daemon_comes_late(home, requests=1_000)
