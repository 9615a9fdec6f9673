"""Commands given on a screen: what they need is asked for, what they led to is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from rich.cells import cell_len, set_cell_size

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Parked, Reservation
from airbook.application.text import parsing, terminal
from airbook.application.text.labels import Labels, mark
from airbook.application.undo import ExecutedOrder, compensation, execute, is_unchanged
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.decider import Command
from airbook.domain.reservation import FINAL, CancelReservation
from airbook.eventlog.errors import StoreError
from airbook.tui.session.reading import TROUBLE
from airbook.tui.widgets.columns import cut
from airbook.tui.widgets.field import Field

if TYPE_CHECKING:
    from airbook.tui.screens.live import Live

TOLD: Mapping[type[Command | Reserve], str] = {
    CreateAirplane: mark("Airplane {number} added."),
    ChangeSeats: mark("Airplane {number} has {seats} seats now."),
    CloseAirplane: mark("Airplane {number} is closed."),
    OpenAirplane: mark("Airplane {number} is open."),
    Reserve: mark("Reservation {number} is received."),
    CancelReservation: mark("Reservation {number} is cancelled."),
}
ASKED: Mapping[type[Command | Reserve], str] = {
    ChangeSeats: mark("Set airplane {number} to {seats} seats?"),
    CloseAirplane: mark(
        "Close airplane {number}? What is reserved stays, new requests are rejected."
    ),
    OpenAirplane: mark("Open airplane {number} again?"),
    Reserve: mark(
        "Request a seat of airplane {airplane} for {customer} once more? It is decided anew."
    ),
    CancelReservation: mark("Cancel reservation {number}? Its seat is given to others."),
}
WAITING = {Reserve, CancelReservation}  # for a daemon
MOST_CELLS = 28
MOST_UNDONE = 100
Answer = TypeVar("Answer")


class Commands:
    """Gives commands for one screen, and remembers them, to be undone."""

    def __init__(self, screen: Live, label: Labels) -> None:
        self.screen = screen
        self.label = label
        self.given: list[ExecutedOrder] = []

    async def add(self) -> None:
        """Add an airplane."""
        fields = (
            Field("seats", mark("Seats"), parsing.seats),
            Field("name", mark("Name"), parsing.name, optional=True),
        )
        if found := await self._fill(mark("Add an airplane"), fields):
            await self.give(Order(CreateAirplane(found["seats"], found["name"])))

    async def set_seats(self, one: Airplane) -> None:
        """Change how many seats an airplane has."""
        taken = {"number": one.id, "seats": one.seats, "taken": one.taken}
        hint = self.label(mark("Airplane {number}: {seats} seats, {taken} taken."), taken)
        fields = (Field("seats", mark("Seats"), parsing.seats, str(one.seats)),)
        if found := await self._fill(mark("Set seats"), fields, hint):
            await self.give(Order(ChangeSeats(found["seats"]), one.id))

    async def close_or_open(self, one: Airplane) -> None:
        """Close an airplane that is open; open one that is closed."""
        if one.status == "closed":
            await self.give(Order(OpenAirplane(), one.id))
        else:
            await self.give(Order(CloseAirplane(), one.id), sure=False)

    async def reserve(self, airplane: int | None, customer: str) -> None:
        """Reserve a seat of an airplane, by its number, for anybody."""
        fields = (
            Field("airplane", mark("Airplane"), parsing.identity, str(airplane or "")),
            Field("customer", mark("Customer"), parsing.name, customer),
        )
        if found := await self._fill(mark("Reserve a seat"), fields):
            await self.give(Order(Reserve(found["airplane"], found["customer"])))

    async def choose(self, customer: str) -> None:
        """Reserve a seat of an airplane that has some left, for a customer."""
        from airbook.tui.widgets.dialogs import Choose

        planes = await self._try(lambda airbook: airbook.queries.airplanes())
        if planes is None:
            return
        free = [one for one in planes if one.status == "open" and one.left > 0]
        names = {one.id: cut(terminal.visible(one.name or ""), MOST_CELLS) for one in free}
        widest = max(map(cell_len, names.values()), default=0)
        seats = mark("{left} of {seats} seats left")
        choices = {
            one.id: f"{one.id:>4}  {set_cell_size(names[one.id], widest)}  "
            + self.label(seats, {"left": one.left, "seats": one.seats})
            for one in free
        }
        if not choices:
            self.screen.say(self.label(mark("No airplane has a seat left.")), severity="warning")
            return
        title = mark("Choose an airplane")
        chosen = await self.screen.dialog(Choose(self.label, title, choices))
        if chosen is not None:
            await self.give(Order(Reserve(chosen, customer)))

    async def cancel(self, one: Reservation) -> None:
        """Give a reservation back; where there is nothing to give back, that is told unasked."""
        await self.give(Order(CancelReservation(), one.id), sure=one.status in FINAL)

    async def retry(self, one: Parked) -> None:
        """Have the daemon try a parked reservation again."""
        await self._settle(
            one,
            mark("Reservation {number} will be tried again."),
            lambda airbook: airbook.log.retry(one.reservation),
        )

    async def drop(self, one: Parked) -> None:
        """Leave a parked reservation undecided for good."""
        question = mark("Leave reservation {number} undecided for good?")
        if await self._is_sure(question, {"number": one.reservation}):
            await self._settle(
                one,
                mark("Reservation {number} is dropped."),
                lambda airbook: airbook.log.drop(one.reservation),
            )

    async def undo(self) -> None:
        """Make up for the last command given here, unless that has been changed since."""
        while self.given:
            given = self.given[-1]
            order = compensation(given)
            if order is None:
                self.given.pop()
                continue
            still = await self._try(lambda airbook: is_unchanged(airbook, given))  # noqa: B023 -- awaited here
            if still and await self.give(order, sure=False, undoing=True) is not False:
                self.given.pop()
            elif still is False:
                self.given.pop()
                changed = mark("What was done last has been changed since: it is not undone.")
                self.screen.say(self.label(changed), severity="warning")
            return
        self.screen.say(self.label(mark("No command given here by a key is left to undo.")))

    async def give(self, order: Order, *, sure: bool = True, undoing: bool = False) -> bool | None:
        """Give a command and tell what it led to; False if it was not given, None if refused."""
        kind, values = type(order.command), self._values(order, order.number)
        if not sure and not await self._is_sure(ASKED[kind], values, undoing=undoing):
            return False
        given = await self._write(lambda airbook: execute(airbook, order))
        if given is None:
            return None
        if not undoing:
            self.given = [*self.given, given][-MOST_UNDONE:]
        self.screen.say(self.label(TOLD[kind], self._values(order, given.number)))
        if kind in WAITING and not self.screen.is_decided():
            unheard = mark("No daemon is running: reservations wait until one is.")
            self.screen.say(self.label(unheard), severity="warning")
        return True

    def _values(self, order: Order, number: int | None) -> Mapping[str, object]:
        command = order.command
        names = getattr(command, "__struct_fields__", ())
        return {"number": number, **{name: getattr(command, name) for name in names}}

    async def _settle(self, one: Parked, sentence: str, settle: Callable[[Airbook], bool]) -> None:
        if await self._write(settle):
            self.screen.say(self.label(sentence, {"number": one.reservation}))
        self.screen.refresh_page()

    async def _write(self, question: Callable[[Airbook], Answer]) -> Answer | None:
        """Change the store that has been shown, where and when that may be done."""
        known = self.screen.position

        def ask(airbook: Airbook) -> Answer:
            if known and not airbook.store.is_made():  # else another one would be made in its place
                raise StoreError("store_missing", airbook.store.url)
            return question(airbook)

        if refusal := self.screen.refusal():
            self.screen.say(self.label(refusal), severity="error")
            return None
        return await self._try(ask)

    async def _try(self, question: Callable[[Airbook], Answer]) -> Answer | None:
        try:
            return await self.screen.ask(question)
        except TROUBLE as error:
            self.screen.say(self.screen.told(error), severity="error")
            return None

    async def _fill(
        self, title: str, fields: tuple[Field, ...], hint: str = ""
    ) -> Mapping[str, Any] | None:
        from airbook.tui.widgets.dialogs import Form

        return await self.screen.dialog(Form(self.label, title, fields, hint))

    async def _is_sure(
        self, question: str, values: Mapping[str, object], *, undoing: bool = False
    ) -> bool:
        from airbook.tui.widgets.dialogs import Confirm

        asked = terminal.visible(self.label(question, values))
        if undoing:
            asked = self.label(mark("Undo: {question}"), {"question": asked})
        answer: bool | None = await self.screen.dialog(Confirm(self.label, asked))
        return bool(answer)
