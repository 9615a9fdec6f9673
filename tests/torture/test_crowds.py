"""Every request is answered, and exactly as many seats are assigned as there are."""

from __future__ import annotations

import pytest

from tests.faults.crowding import a_daemon_comes_late, crowd_reserves
from tests.support.home import Home
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


def test_twenty_thousand_ask_three_daemons_for_a_thousand_seats(home: Home) -> None:
    crowd_reserves(home, seats=1_000, requests=20_000, by_command=100)


def test_thirty_thousand_wait_for_a_daemon_that_comes_late(
    home: Home, record_property: Record
) -> None:
    seconds = a_daemon_comes_late(home, requests=30_000)
    record_property("decided after", f"{seconds:.1f} s")
