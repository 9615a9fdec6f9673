"""Operators who close, open and resize airplanes while customers reserve and the daemon is late."""

from __future__ import annotations

import random
import time
from contextlib import suppress

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from tests.faults.company import at_work
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.waiting import until

COMMANDS_PER_TURN = 40
LAST_AIRPLANE = 6  # some are reserved before they exist


def operated_at_random(home: Home, *, turns: int, seed: int) -> None:
    """Kill the daemon `turns` times, and let it come back after many commands.

    The checker compares each decision with the airplane at the position of the request.
    """
    print(f"seed {seed}")
    chance = random.Random(seed)
    roles = {"daemon": lambda: home.start("daemon")}
    with home.airbook() as airbook, at_work(home, roles) as company:
        airbook.create_if_missing()  # the daemon may be killed before it does
        acknowledged = set[tuple[str, str]]()
        for _ in range(turns):
            company.kill("daemon")
            for _ in range(COMMANDS_PER_TURN):
                acknowledged |= command(airbook, chance)
            company.restart("daemon")
            time.sleep(chance.uniform(0.0, 0.5))
            for _ in range(COMMANDS_PER_TURN):
                acknowledged |= command(airbook, chance)
        until(lambda: undecided(everything(home)) == 0, "all to be decided")
        until(lambda: airbook.log.checkpoint("approver") == airbook.log.head(), "the releases")
        company.dismiss("daemon")
    nothing_is_lost(home, acknowledged)
    is_healthy(home)


def command(airbook: Airbook, chance: random.Random) -> set[tuple[str, str]]:
    """Execute a random command; returns the event that it acknowledged, if it made one."""
    plane = chance.randint(1, LAST_AIRPLANE)
    with suppress(Refused):
        match chance.randint(1, 20):
            case 1:
                number = airbook.execute(CreateAirplane(chance.randint(1, 9))).number
                return {(f"airplane-{number}", "AirplaneCreated")}
            case 2:
                airbook.execute(ChangeSeats(chance.randint(1, 9)), plane)
            case 3 | 4:
                airbook.execute(CloseAirplane(), plane)
            case 5 | 6:
                airbook.execute(OpenAirplane(), plane)
            case 7 | 8 | 9:
                number = chance.randint(1, 99)
                airbook.execute(CancelReservation(), number)
                return {(f"reservation-{number}", "ReservationCancelled")}
            case _:
                number = airbook.execute(Reserve(plane, f"customer {plane}")).number
                return {(f"reservation-{number}", "ReservationRequested")}
    return set()
