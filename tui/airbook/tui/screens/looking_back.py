"""Looking back: one position of the log, shown on every page, and the way to it and from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.reactive import reactive

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment, parse_moment, position_at, time_of
from airbook.application.text.labels import mark
from airbook.tui.screens.connected import Connected
from airbook.tui.session.keys import key
from airbook.tui.session.look import Look
from airbook.tui.session.reading import TROUBLE
from airbook.tui.widgets.field import Field
from airbook.tui.widgets.slider import Slider


class LookingBack(Connected):
    """A screen with a slider. as_of: the position it shows; None is what is now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("live", "live"),
        key("time", "time"),
    ]

    as_of: reactive[int | None] = reactive(None, init=False)

    def __init__(
        self, open_airbook: Callable[[], Airbook], look: Look, moment: Moment | None
    ) -> None:
        """moment: where to look back to at once; None shows what is now."""
        super().__init__(open_airbook, look)
        self.moment = moment
        self.slider = Slider(look.label, ascii=look.ascii)

    def begin(self) -> None:
        """Open the store, and look back if that was asked for."""
        super().begin()
        if self.moment is not None:
            self.work(partial(self._go_to, self.moment))

    def refusal(self) -> str | None:
        """Say, in English, why nothing can be changed; None if it can."""
        if self.look.read_only:
            return mark("Here one can only look.")
        if self.as_of is not None or self.moment is not None:
            return mark("The past cannot be changed: come back to now first.")
        return None

    def come_back(self) -> None:
        """Take up what was done before looking back."""
        raise NotImplementedError

    def watch_as_of(self, as_of: int | None) -> None:
        """Show another moment everywhere."""
        self.heading.as_of = as_of
        self.heading.at = self.slider.at = None
        self.slider.display = as_of is not None
        self.slider.place = self.slider.head if as_of is None else as_of
        self.set_class(as_of is not None, "-past")
        self.refresh_bindings()
        self.refresh_page()
        if as_of is not None:
            self.hear("moment", lambda airbook: time_of(airbook.log, as_of), self._dated)

    def _dated(self, at: str | None) -> None:
        self.heading.at = self.slider.at = at

    @on(Slider.Moved)
    def look_back(self, moved: Slider.Moved) -> None:
        """Show the position the slider was moved to, unless one has come back meanwhile."""
        if self.as_of is not None:
            self.as_of = moved.position

    def action_time(self) -> None:
        """Take the slider in hand."""
        if not self.position:
            return
        if self.as_of is None:
            self.as_of = self.position
        self.slider.focus()

    def action_live(self) -> None:
        """Come back to what is now."""
        self.slider.playing = False
        self.as_of = None
        self.come_back()

    def action_moment(self) -> None:
        """Ask for a moment to look back to."""
        self.work(self._ask_moment)

    async def _ask_moment(self) -> None:
        from airbook.tui.widgets.dialogs import Form

        hint = self.label(mark("A position, a time or how long ago: 42, 2026-11-22T09:00, -5m"))
        fields = (Field("moment", mark("Moment"), parse_moment),)
        title = mark("Go to a moment")
        if found := await self.dialog(Form(self.label, title, fields, hint)):
            await self._go_to(found["moment"])

    async def _go_to(self, moment: Moment) -> None:
        try:
            self.as_of = await self.ask(
                lambda airbook: position_at(airbook.log, moment, airbook.clock())
            )
        except TROUBLE as error:
            self.say(self.told(error), severity="error")
        else:
            self.slider.focus()
        self.moment = None
