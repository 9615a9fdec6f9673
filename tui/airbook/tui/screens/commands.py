"""The commands of a screen: ask for the arguments or for a confirmation, and undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.airplane_names import airplanes_named
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Parked, Reservation
from airbook.application.text import parsing
from airbook.application.text.labels import Labels, mark
from airbook.application.undo import Execution, is_unchanged
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.tui.screens.command_screen import CommandScreen
from airbook.tui.screens.giving import Giver
from airbook.tui.screens.previews import RequestPreview, preview_of_seats
from airbook.tui.screens.sentences import (
    DEEDS,
    TO_CONFIRM,
    airplane_choices,
    described,
    values_of,
)
from airbook.tui.session.reading import QUERY_ERRORS
from airbook.tui.widgets.form_field import FormField, Preview

if TYPE_CHECKING:
    from airbook.tui.widgets.asking import Asking

Result = TypeVar("Result")


class Commands:
    """Gives commands for one screen, and keeps them so that they can be undone."""

    def __init__(self, screen: CommandScreen, label: Labels) -> None:
        self.screen = screen
        self.label = label
        self.giver = Giver(screen, label)

    @property
    def can_undo(self) -> bool:
        """Return whether a command is left to undo."""
        return self.giver.undo_stack.last() is not None

    async def add(self) -> None:
        """Add an airplane."""
        from airbook.tui.widgets.form import Form

        fields = (
            FormField("seats", mark("Seats"), parsing.seats),
            FormField("name", mark("Name"), parsing.name, optional=True),
        )
        deed = Preview(self.label(DEEDS[CreateAirplane]))
        form = Form(self.label, mark("Add an airplane"), fields, lambda _: deed)
        await self.giver.ask(
            form, lambda values: Order(CreateAirplane(**values)), self._may_have_name
        )

    async def _may_have_name(self, values: Mapping[str, Any]) -> bool:
        """Return whether no airplane has the name yet, or the user wants another one of that name.

        values: of the form.
        """
        from airbook.tui.widgets.confirm import Confirm

        name = values["name"]
        found = await self._try(lambda airbook: airplanes_named(airbook, name)) if name else ()
        if not found:
            return found is not None
        question = mark("Airplane {number} is called {name} already. Add another one?")
        asked = self.label(question, {"number": found[0].id, "name": found[0].name})
        dialog = Confirm(self.label, asked, self.label(mark("Add another one")))
        is_wanted: bool | None = await self.screen.open_dialog(dialog)
        return is_wanted is True

    async def set_seats(self, airplane: Airplane) -> None:
        """Change the number of seats of an airplane."""
        from airbook.tui.widgets.form import Form

        fields = (FormField("seats", mark("Seats"), parsing.seats, str(airplane.seats)),)
        preview = partial(preview_of_seats, airplane, self.label)
        form = Form(self.label, mark("Set seats"), fields, preview)
        await self.giver.ask(form, lambda values: Order(ChangeSeats(values["seats"]), airplane.id))

    async def close_or_open(self, airplane: Airplane) -> None:
        """Close an open airplane after a confirmation; open a closed one."""
        if airplane.status == "closed":
            execution = Execution(Order(OpenAirplane(), airplane.id))
            await self.giver.report(self.giver.give(execution, None))
        else:
            await self._confirm(Order(CloseAirplane(), airplane.id))

    async def reserve(self, airplane: int | None, customer: str) -> None:
        """Reserve a seat. airplane, customer: the values that the form begins with."""
        from airbook.tui.widgets.form import Form

        fields = (
            FormField("airplane", mark("Airplane"), parsing.identity, str(airplane or "")),
            FormField("customer", mark("Customer"), parsing.name, customer),
        )
        preview = RequestPreview(self.label)
        form = Form(self.label, mark("Reserve a seat"), fields, preview)

        def learn(airplanes: Sequence[Airplane]) -> None:
            preview.learn(airplanes)
            form.show_preview()

        # The form is open before the answer: what is typed meanwhile belongs to it.
        self.screen.submit("airplanes", _airplanes, learn, lambda _: None)
        await self.giver.ask(form, lambda values: Order(Reserve(**values)))

    async def choose(self, customer: str) -> None:
        """Let the user choose an airplane with seats left, and reserve a seat for a customer."""
        from airbook.tui.widgets.choice import Choice

        planes = await self._try(_airplanes)
        if planes is None:
            return
        if not (choices := airplane_choices(planes, customer, self.label)):
            self.giver.show(mark("No airplane has a seat left."), severity="warning")
            return
        dialog = Choice(self.label, mark("Choose an airplane"), choices)
        await self.giver.ask(dialog, lambda chosen: Order(Reserve(chosen, customer)))

    async def cancel(self, one: Reservation) -> None:
        """Cancel a reservation after a confirmation."""
        await self._confirm(Order(CancelReservation(), one.id), one)

    async def retry(self, one: Parked) -> None:
        """Let the daemon try a parked reservation again."""
        deed = self.label(mark("Try reservation {number} again"), {"number": one.reservation})
        sentence = mark("Reservation {number} will be tried again.")
        retry = partial(_retry, one.reservation)
        await self.giver.report(self._settle(one, retry, deed, sentence, None))

    async def drop(self, one: Parked) -> None:
        """Leave a parked reservation undecided for good, after a confirmation."""
        from airbook.tui.widgets.confirm import Confirm

        values = {"number": one.reservation}
        question = self.label(mark("Leave reservation {number} undecided for good?"), values)
        deed = self.label(mark("Drop reservation {number}"), values)
        sentence = mark("Reservation {number} is dropped.")
        drop = partial(_drop, one.reservation)
        await self.giver.confirm(
            Confirm(self.label, question, deed),
            lambda dialog: self._settle(one, drop, deed, sentence, dialog),
        )

    async def undo(self) -> None:
        """Undo the last command of this screen, unless its effect has been changed since."""
        last = self.giver.undo_stack.last()
        if last is None:
            return
        given, order = last
        still = await self._try(lambda airbook: is_unchanged(airbook, given))
        if still:
            await self._confirm(order, undoing=True)
        elif still is False:
            self.giver.undo_stack.pop()
            self.screen.refresh_bindings()
            sentence = mark(
                "The result of the last command has been changed since: it cannot be undone."
            )
            self.giver.show(sentence, severity="warning")

    async def _confirm(
        self, order: Order, known: Reservation | None = None, *, undoing: bool = False
    ) -> None:
        """Give an order after a confirmation. known: the reservation to cancel, if it is known."""
        from airbook.tui.widgets.confirm import Confirm

        kind, values = type(order.command), values_of(order, order.number)
        begin = self.label(mark("Undo: {question}")) if undoing else "{question}"

        def question(description: str) -> str:
            asked = self.label(TO_CONFIRM[kind], {**values, "reservation": description})
            return begin.format(question=asked)

        number = str(order.number)
        first = question(described(known, None, self.label) if known else number)
        dialog = Confirm(self.label, first, self.label(DEEDS[kind], values))
        if kind is CancelReservation and order.number is not None:
            describe = partial(_describe, order.number, self.label)
            self.screen.submit(
                "reservation",
                describe,
                lambda description: dialog.ask(question(description)),
                lambda _: None,
            )
        execution = Execution(order)
        await self.giver.confirm(
            dialog, lambda dialog: self.giver.give(execution, dialog, undoing=undoing)
        )

    async def _settle(
        self,
        one: Parked,
        settle: Callable[[Airbook], bool],
        deed: str,
        sentence: str,
        dialog: Asking[Any] | None,
    ) -> None:
        is_parked = await self.giver.write(settle, deed, dialog)
        gone = mark("Reservation {number} is not parked any more.")
        self.giver.show(sentence if is_parked else gone, {"number": one.reservation})
        self.screen.refresh_page()

    async def _try(self, query: Callable[[Airbook], Result]) -> Result | None:
        try:
            return await self.screen.run_query(query)
        except QUERY_ERRORS as error:
            self.screen.show_notice(self.screen.error_text(error), severity="error")
            return None


def _airplanes(airbook: Airbook) -> Sequence[Airplane]:
    return airbook.queries.airplanes()


def _retry(number: int, airbook: Airbook) -> bool:
    return airbook.log.retry(number)


def _drop(number: int, airbook: Airbook) -> bool:
    return airbook.log.drop(number)


def _describe(number: int, label: Labels, airbook: Airbook) -> str:
    one = outcome.reservation(airbook, number)
    try:
        airplane = airbook.queries.airplane(one.airplane)
    except Refused:
        airplane = None
    return described(one, airplane, label)
