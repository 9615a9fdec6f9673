"""The commands of a screen: ask for the arguments, write to the store, report, and undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from textual.screen import ModalScreen

from airbook.application.airbook import Airbook
from airbook.application.airplane_names import airplanes_named
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Parked, Reservation
from airbook.application.text import parsing, terminal
from airbook.application.text.labels import Labels, mark
from airbook.application.undo import execute, is_unchanged
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.reservation import FINAL, CancelReservation
from airbook.eventlog.errors import StoreError
from airbook.tui.screens.sentences import DONE, TO_CONFIRM, airplane_choices, values_of
from airbook.tui.screens.undo_stack import UndoStack
from airbook.tui.session.reading import QUERY_ERRORS
from airbook.tui.widgets.form_field import FormField
from airbook.tui.widgets.notices import Severity

DECIDED_BY_DAEMON = {Reserve, CancelReservation}
Result = TypeVar("Result")


class CommandScreen(Protocol):
    """The methods of a screen that Commands calls. position: the last known head of the log."""

    position: int

    async def run_query(self, query: Callable[[Airbook], Result]) -> Result:
        """Run a query on the reader's thread. Raises one of QUERY_ERRORS."""
        ...

    async def open_dialog(self, dialog: ModalScreen[Result]) -> Result | None:
        """Open a dialog and return its result."""
        ...

    def show_notice(self, text: str, *, severity: Severity = "information") -> None:
        """Show a notice for some seconds."""
        ...

    def error_text(self, error: Exception) -> str:
        """Describe an error in a sentence, in the language of the screen."""
        ...

    def read_only_reason(self) -> str | None:
        """Return, in English, why the store must not be changed now; None if it may be."""
        ...

    def has_daemon(self) -> bool:
        """Return whether a daemon is running."""
        ...

    def refresh_page(self) -> None:
        """Read the visible page again."""
        ...


class Commands:
    """Gives commands for one screen, and keeps them so that they can be undone."""

    def __init__(self, screen: CommandScreen, label: Labels) -> None:
        self.screen = screen
        self.label = label
        self.undo_stack = UndoStack()

    async def add(self) -> None:
        """Add an airplane."""
        fields = (
            FormField("seats", mark("Seats"), parsing.seats),
            FormField("name", mark("Name"), parsing.name, optional=True),
        )
        values = await self._fill(mark("Add an airplane"), fields)
        if values and await self._is_new_name(values["name"]):
            await self.give(Order(CreateAirplane(values["seats"], values["name"])))

    async def _is_new_name(self, name: str | None) -> bool:
        """Return whether no airplane has a name yet, or the user wants another one of that name."""
        if name is None:
            return True
        found = await self._try(lambda airbook: airplanes_named(airbook, name))
        if not found:
            return found is not None
        question = mark("Airplane {number} is called {name} already. Add another one?")
        return await self._is_confirmed(question, {"number": found[0].id, "name": found[0].name})

    async def set_seats(self, airplane: Airplane) -> None:
        """Change the number of seats of an airplane."""
        counts = {"number": airplane.id, "seats": airplane.seats, "taken": airplane.taken}
        hint = self.label(mark("Airplane {number}: {seats} seats, {taken} taken."), counts)
        fields = (FormField("seats", mark("Seats"), parsing.seats, str(airplane.seats)),)
        if values := await self._fill(mark("Set seats"), fields, hint):
            await self.give(Order(ChangeSeats(values["seats"]), airplane.id))

    async def close_or_open(self, airplane: Airplane) -> None:
        """Close an open airplane after a confirmation; open a closed one."""
        if airplane.status == "closed":
            await self.give(Order(OpenAirplane(), airplane.id))
        else:
            await self.give(Order(CloseAirplane(), airplane.id), confirm=True)

    async def reserve(self, airplane: int | None, customer: str) -> None:
        """Reserve a seat. airplane, customer: the values that the form begins with."""
        fields = (
            FormField("airplane", mark("Airplane"), parsing.identity, str(airplane or "")),
            FormField("customer", mark("Customer"), parsing.name, customer),
        )
        if values := await self._fill(mark("Reserve a seat"), fields):
            await self.give(Order(Reserve(values["airplane"], values["customer"])))

    async def choose(self, customer: str) -> None:
        """Let the user choose an airplane with seats left, and reserve a seat for a customer."""
        from airbook.tui.widgets.choice import Choice

        planes = await self._try(lambda airbook: airbook.queries.airplanes())
        if planes is None:
            return
        if not (choices := airplane_choices(planes, self.label)):
            self._show(mark("No airplane has a seat left."), severity="warning")
            return
        dialog = Choice(self.label, mark("Choose an airplane"), choices)
        chosen = await self.screen.open_dialog(dialog)
        if chosen is not None:
            await self.give(Order(Reserve(chosen, customer)))

    async def cancel(self, one: Reservation) -> None:
        """Cancel a reservation; ask for a confirmation, unless it cannot be cancelled any more."""
        await self.give(Order(CancelReservation(), one.id), confirm=one.status not in FINAL)

    async def retry(self, one: Parked) -> None:
        """Let the daemon try a parked reservation again."""
        sentence = mark("Reservation {number} will be tried again.")
        await self._settle(one, sentence, lambda airbook: airbook.log.retry(one.reservation))

    async def drop(self, one: Parked) -> None:
        """Leave a parked reservation undecided for good, after a confirmation."""
        question = mark("Leave reservation {number} undecided for good?")
        if await self._is_confirmed(question, {"number": one.reservation}):
            sentence = mark("Reservation {number} is dropped.")
            await self._settle(one, sentence, lambda airbook: airbook.log.drop(one.reservation))

    async def undo(self) -> None:
        """Undo the last command of this screen, unless its effect has been changed since."""
        last = self.undo_stack.last()
        if last is None:
            self._show(mark("No command given here by a key is left to undo."))
            return
        given, order = last
        still = await self._try(lambda airbook: is_unchanged(airbook, given))
        if still and await self.give(order, confirm=True, undoing=True) is not False:
            self.undo_stack.pop()
        elif still is False:
            self.undo_stack.pop()
            sentence = mark(
                "The result of the last command has been changed since: it cannot be undone."
            )
            self._show(sentence, severity="warning")

    async def give(
        self, order: Order, *, confirm: bool = False, undoing: bool = False
    ) -> bool | None:
        """Give a command and report its result.

        confirm: ask for a confirmation first. undoing: the command undoes another one. Returns True
        if the command was accepted, None if it was refused, False if it was not confirmed.
        """
        kind, values = type(order.command), values_of(order, order.number)
        if confirm and not await self._is_confirmed(TO_CONFIRM[kind], values, undoing=undoing):
            return False
        given = await self._write(lambda airbook: execute(airbook, order))
        if given is None:
            return None
        if not undoing:
            self.undo_stack.push(given)
        self._show(DONE[kind], values_of(order, given.number))
        if kind in DECIDED_BY_DAEMON and not self.screen.has_daemon():
            sentence = mark("No daemon is running: reservations wait until one is.")
            self._show(sentence, severity="warning")
        return True

    def _show(
        self,
        sentence: str,
        values: Mapping[str, object] | None = None,
        severity: Severity = "information",
    ) -> None:
        self.screen.show_notice(self.label(sentence, values or {}), severity=severity)

    async def _settle(self, one: Parked, text: str, settle: Callable[[Airbook], bool]) -> None:
        if await self._write(settle):
            self._show(text, {"number": one.reservation})
        self.screen.refresh_page()

    async def _write(self, query: Callable[[Airbook], Result]) -> Result | None:
        """Run a query that writes, unless the screen is read-only or its store is missing."""
        known = self.screen.position

        def write(airbook: Airbook) -> Result:
            if known and not airbook.store.is_made():  # else an empty store would replace it
                raise StoreError("store_missing", airbook.store.url)
            return query(airbook)

        if reason := self.screen.read_only_reason():
            self._show(reason, severity="error")
            return None
        return await self._try(write)

    async def _try(self, query: Callable[[Airbook], Result]) -> Result | None:
        try:
            return await self.screen.run_query(query)
        except QUERY_ERRORS as error:
            self.screen.show_notice(self.screen.error_text(error), severity="error")
            return None

    async def _fill(
        self, title: str, fields: tuple[FormField, ...], hint: str = ""
    ) -> Mapping[str, Any] | None:
        from airbook.tui.widgets.form import Form

        return await self.screen.open_dialog(Form(self.label, title, fields, hint))

    async def _is_confirmed(
        self, question: str, values: Mapping[str, object], *, undoing: bool = False
    ) -> bool:
        from airbook.tui.widgets.confirm import Confirm

        text = terminal.visible(self.label(question, values))
        if undoing:
            text = self.label(mark("Undo: {question}"), {"question": text})
        return await self.screen.open_dialog(Confirm(self.label, text)) is True
