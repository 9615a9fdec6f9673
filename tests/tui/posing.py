"""Screens for pictures: a store in which nothing varies, and waiting until all is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import cast

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
from airbook.eventlog.codec import CODEC, Codec
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.log import Log
from airbook.eventlog.records import DAEMON, Actor, ParkedReservation, Stream
from airbook.eventlog.rows import Rows
from airbook.tui.screens.app import Screens
from airbook.tui.screens.live import Live
from airbook.tui.session.shell import CommandSpec, Shell
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    NINE,
    StoryEvent,
    at,
    of_airplane,
    of_reservation,
    record,
)
from tests.support.views import catch_up_store
from tests.tui.player import Player
from tests.tui.stores import record_names

EIGHT_NAMES = ("kim", "이순신", "park", "[/]", "정약용", "Ada Lovelace", "강감찬", "\x1b[31mred")
VERBS = (
    CommandSpec(
        "admin add-plane",
        "Add an airplane that can be reserved.",
        "--seats N [--name TEXT]",
        looks_back=False,
        writes=True,
    ),
    CommandSpec(
        "show",
        "Show one reservation.",
        "RESERVATION [--as-of MOMENT]",
        looks_back=True,
        writes=False,
    ),
    CommandSpec(
        "why", "Explain a decision.", "RESERVATION [--as-of MOMENT]", looks_back=True, writes=False
    ),
)
# Ten decisions, one of them cancelled and its seat assigned again; two pending, one parked.
A_BUSY_DAY: tuple[StoryEvent, ...] = (
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


DECIDING = (SeatAssigned, SeatReleased, ReservationApproved, ReservationRejected)
ASKING = (ReservationRequested, ReservationCancelled)


def actor_at(position: int) -> Actor:
    """Return the actor of the event at a position of the busy day."""
    return DAEMON if cause_at(position) else Actor("a1", "kim")


def cause_at(position: int) -> int | None:
    """Return the position of the request or cancellation that a decision of that day settled."""
    stream, event = A_BUSY_DAY[position - 1]
    if not isinstance(event, DECIDING):
        return None
    settled = Stream("reservation", getattr(event, "reservation", stream.number))
    before = enumerate(A_BUSY_DAY[: position - 1], 1)
    return max(
        place for place, one in before if one.stream == settled and isinstance(one.event, ASKING)
    )


class StillHeartbeat(Heartbeat, frozen=True):
    """A heartbeat that does not age."""

    def age(self) -> float:
        """Return the age in seconds."""
        return 0.3


class StillDiagnostics:
    """The diagnostics of a store with the same size on every machine and a running daemon."""

    def describe(self) -> tuple[str, int]:
        """Return a fixed database version and a fixed size."""
        return "SQLite 3.50.4", 118_784

    def disk(self) -> None:
        """Return nothing."""

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeat of a daemon that does not run."""
        return {"daemon": StillHeartbeat(pid=4242, at=0.0)}

    def complaints(self) -> Sequence[str]:
        """Return nothing."""
        return []

    def strays(self) -> Mapping[str, Heartbeat]:
        """Return nothing."""
        return {}

    def check_is_there(self) -> None:
        """Do nothing."""


class StillStore(SQLiteStore):
    """A store with the same name and size on every machine, and with a running daemon."""

    @property
    def url(self) -> str:
        """Return the same URL for every store."""
        return "sqlite:////home/kim/airbook.db"

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log with fixed diagnostics."""
        log = super().open_log(codec)
        log.diagnostics = StillDiagnostics()
        return log


def busy_day(home: Home) -> None:
    """Create a store with events of every type, and update its views."""
    record_names(home, EIGHT_NAMES)
    with open_log(home.store) as log:
        parked = ParkedReservation(
            11, 35, "what was stored cannot be read: ReservationRequested.v9", at(40)
        )
        head = record(log, *A_BUSY_DAY, actor_of=actor_at, cause_of=cause_at)
        log.insert(Rows(parked=[parked]))
    assert catch_up_store(SQLiteStore(home.store)) == head


def open_still(home: Home) -> Callable[[], Airbook]:
    """Return a function that opens the store at a fixed time of day."""
    return lambda: Airbook(StillStore(home.store), clock=lambda: NINE + timedelta(seconds=12))


def still(screen: Live) -> Screens:
    """Return a program that shows a screen without animations."""
    screens = Screens(screen, screen.look, Shell(lambda: VERBS, (), {}))
    screens.animation_level = "none"
    return screens


async def keep_still(pilot: Pilot[int], screen: Live, *keys: str) -> None:
    """Press the first key, wait for the dialog or page that it opens, and press the other keys."""
    player = Player(screen, cast("Screens", pilot.app))
    player.pilot = pilot
    await player.until(lambda: screen.heading.vitals or screen.heading.lost)
    await settle(player)
    for some in (keys[:1], keys[1:]):
        await player.press(*some)
        await settle(player)


async def settle(player: Player[Live]) -> None:
    """Wait until all queries have been answered and all is drawn."""
    screen = player.screen
    for _ in range(3):
        screen.poll()
        with suppress(StoreError):
            await screen.run_query(lambda _: None)
        await player.rest()
    on_top = player.app.screen
    if on_top is not screen:  # a dialog runs its own workers
        workers = player.app.workers
        await player.until(lambda: all(one.is_finished for one in workers if one.node is on_top))
    for line in on_top.query(Input):
        line.cursor_blink = False
    await player.rest()
