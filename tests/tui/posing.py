"""Screens that hold still: a store in which nothing varies, and waiting until all is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from textual.pilot import Pilot
from textual.widgets import Input

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    SeatAssigned,
    SeatReleased,
    SeatsChanged,
)
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.log import Log
from airbook.eventlog.records import Customer, ParkedReservation
from airbook.eventlog.rows import Rows
from airbook.tui.pages.pane import Pane
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import TITLES, Dashboard
from airbook.tui.screens.live import Live
from airbook.tui.session.shell import Shell, Verb
from tests.cli.play import Home
from tests.support.stores import open_log
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    NINE,
    Told,
    at,
    of_airplane,
    of_reservation,
    record,
)
from tests.support.views import catch_up_store
from tests.tui.screen import until

CUSTOMERS = ("kim", "이순신", "park", "[/]", "정약용", "Ada Lovelace", "강감찬", "\x1b[31mred")
VERBS = (
    Verb(
        "admin add-plane",
        "Add an airplane that can be reserved.",
        "--seats N [--name TEXT]",
        looks_back=False,
        writes=True,
    ),
    Verb(
        "show",
        "Show one reservation.",
        "RESERVATION [--as-of MOMENT]",
        looks_back=True,
        writes=False,
    ),
    Verb(
        "why", "Explain a decision.", "RESERVATION [--as-of MOMENT]", looks_back=True, writes=False
    ),
)
# Decided: one given back, its seat given to another; waiting: two; one parked.
A_BUSY_DAY: tuple[Told, ...] = (
    *FIVE_SEATS_SIX_CUSTOMERS,
    *of_airplane(2, AirplaneCreated(seats=120, name="서울 → 제주")),
    *of_airplane(3, AirplaneCreated(seats=2, name="[/]")),
    *of_airplane(3, AirplaneClosed()),
    *of_reservation(7, ReservationRequested(3, "customer 7")),
    *of_reservation(7, ReservationRejected(3, "airplane_closed")),
    *of_reservation(8, ReservationRequested(9, "customer 1")),
    *of_reservation(8, ReservationRejected(9, "no_such_airplane")),
    *of_reservation(2, ReservationCancelled(1, seat=2)),
    *of_airplane(1, SeatReleased(2, seat=2)),
    *of_reservation(9, ReservationRequested(1, "customer 8")),
    *of_airplane(1, SeatAssigned(9, seat=2)),
    *of_reservation(9, ReservationApproved(1, seat=2)),
    *of_airplane(2, SeatsChanged(seats=140)),
    *of_reservation(10, ReservationRequested(2, "customer 1")),
    *of_airplane(2, SeatAssigned(10, seat=1)),
    *of_reservation(10, ReservationApproved(2, seat=1)),
    *of_reservation(11, ReservationRequested(2, "customer 4")),
    *of_reservation(12, ReservationRequested(2, "customer 1")),
)


class StillHeartbeat(Heartbeat, frozen=True):
    """A sign of life that stays as old as it is."""

    def age(self) -> float:
        """Tell how long ago that was, in seconds."""
        return 0.3


class StillStore(SQLiteStore):
    """A store of the same name and size wherever it is, and a daemon that always lives."""

    @property
    def url(self) -> str:
        """Say where."""
        return "sqlite:////home/kim/airbook.db"

    def describe(self, log: Log) -> tuple[str, int]:  # noqa: ARG002 -- what it is called with
        """Name a database, and tell how many bytes the store would take."""
        return "SQLite 3.50.4", 118_784

    def heartbeats(self, log: Log) -> Mapping[str, Heartbeat]:  # noqa: ARG002 -- as above
        """Show the sign of life of a daemon that does not run."""
        return {"daemon": StillHeartbeat(pid=4242, at=0.0)}


def busy_day(airbook: Home) -> None:
    """Make a store in which much has happened, and let the views know it."""
    with open_log(airbook.store) as log:
        names = [Customer(f"customer {n}", name) for n, name in enumerate(CUSTOMERS, 1)]
        parked = ParkedReservation(
            11, 35, "what was stored cannot be read: ReservationRequested.v9", at(40)
        )
        log.insert(Rows(customers=names))
        head = record(log, *A_BUSY_DAY)
        log.insert(Rows(parked=[parked]))
    assert catch_up_store(SQLiteStore(airbook.store)) == head


def open_still(airbook: Home) -> Callable[[], Airbook]:
    """Open a store at a time of day that does not pass."""
    return lambda: Airbook(StillStore(airbook.store), clock=lambda: NINE + timedelta(seconds=12))


def still(screen: Live) -> Screens:
    """Put a screen into a program in which nothing moves by itself."""
    screens = Screens(screen, screen.look, Shell(lambda: VERBS, (), {}))
    screens.animation_level = "none"
    return screens


async def keep_still(pilot: Pilot[int], screen: Live, *keys: str) -> None:
    """Press keys: the first opens something, the others are for what is there then."""
    pages = len(TITLES) if isinstance(screen, Dashboard) else 1
    await until(lambda: len(screen.query(Pane)) == pages)
    await until(lambda: screen.heading.vitals or screen.heading.lost)
    await settle(pilot, screen)
    for some in (keys[:1], keys[1:]):
        await pilot.press(*some)
        await settle(pilot, screen)


async def settle(pilot: Pilot[int], screen: Live) -> None:
    """Wait until the store has answered, what was asked because of that too, and all is drawn."""
    for _ in range(3):
        screen.feel()
        with suppress(StoreError):
            await screen.ask(lambda _: None)
        await pilot.pause()
    on_top = pilot.app.screen
    if on_top is not screen:  # its own threads work as long as it is there
        workers = pilot.app.workers
        await until(lambda: all(one.is_finished for one in workers if one.node is on_top))
    for line in on_top.query(Input):
        line.cursor_blink = False
    await pilot.pause()
