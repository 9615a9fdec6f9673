"""Looking back: which position of the log the screen shows, and the actions that change it."""

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
from airbook.tui.session.reading import QUERY_ERRORS
from airbook.tui.session.reasons import Reason
from airbook.tui.widgets.form_field import FormField, Preview
from airbook.tui.widgets.slider import Slider


class LookingBack(Connected):
    """A screen with a slider.

    as_of: the position that is looked back to; None shows the present. paused: whether the present
    is frozen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("live", "live"),
        key("time", "time"),
        key("back", "back"),
    ]

    as_of: reactive[int | None] = reactive(None, init=False)
    paused: reactive[bool] = reactive(default=False, init=False)

    def __init__(
        self, open_airbook: Callable[[], Airbook], look: Look, moment: Moment | None
    ) -> None:
        """moment: the moment to look back to at once; None shows the present."""
        super().__init__(open_airbook, look)
        self.moment = moment
        self._paused_at: int | None = None
        self.slider = Slider(look.label, ascii=look.ascii)

    def begin(self) -> None:
        """Open the store, and look back to `moment` if there is one."""
        super().begin()
        if self.moment is not None:
            self.start_task(partial(self._go_to, self.moment))

    @property
    def shown_as_of(self) -> int | None:
        """Return the position to show: of the slider, of the pause, or None for the present."""
        return self.as_of if self.as_of is not None else self._paused_at

    def read_only_reason(self) -> Reason | None:
        """Return why the store must not be changed now; None if it may be."""
        if self.look.read_only:
            return Reason(mark("Here one can only look."))
        return None if self.as_of is None and self.moment is None else self.past_reason()

    def past_reason(self) -> Reason:
        """Return that the screen shows the past, and how to return to the present."""
        sentence = mark("This is the past: press {key} to come back to now.")
        return Reason(sentence, {"key": self.key_name("live")})

    def focus_list(self) -> None:
        """Move the focus to the list."""
        raise NotImplementedError

    def watch_as_of(self, as_of: int | None) -> None:
        """Show another position everywhere."""
        self.heading.as_of = as_of
        self.heading.at = self.slider.at = None
        self.slider.display = as_of is not None
        self.slider.head = self.position  # a poll may have found it before the watcher's report
        self.slider.place = self.slider.head if as_of is None else as_of
        self.set_class(as_of is not None, "-past")
        self.refresh_bindings()
        self.refresh_page()
        if as_of is not None:
            self.submit("moment", lambda airbook: time_of(airbook.log, as_of), self._show_time)

    def watch_paused(self, paused: bool) -> None:  # noqa: FBT001 -- Textual calls it
        """Freeze the page, or refresh it."""
        self.heading.paused = paused
        self._paused_at = self.position if paused else None
        self.on_head_changed()

    def _show_time(self, at: str | None) -> None:
        self.heading.at = self.slider.at = at

    @on(Slider.PositionChosen)
    def show_position(self, chosen: Slider.PositionChosen) -> None:
        """Show the position of the slider, unless the screen has returned to the present."""
        if self.as_of is not None:
            self.as_of = chosen.position

    def action_time(self) -> None:
        """Show the slider and move the focus to it."""
        if not self.position:
            return
        if self.as_of is None:
            self.as_of = self.position
        self.slider.focus()

    def action_live(self) -> None:
        """Return to the present."""
        self.slider.playing = False
        self.as_of = None
        self.focus_list()

    def action_back(self) -> None:
        """Return to the present, once the page has nothing to close."""
        self.action_live()

    def action_pause(self) -> None:
        """Pause, or continue."""
        self.paused = not self.paused

    def action_moment(self) -> None:
        """Ask for a moment to look back to."""
        self.start_task(self._ask_moment)

    async def _ask_moment(self) -> None:
        from airbook.tui.widgets.form import Form

        examples = mark(
            "A position, a time or how long ago:"
            " 42, 2026-11-22T09:00, 22:53, yesterday 18:30, -1h30m"
        )
        fields = (FormField("moment", mark("Moment"), parse_moment),)
        preview = Preview(self.label(mark("Show this moment")), self.label(examples))
        form = Form(self.label, mark("Go to a moment"), fields, lambda _: preview)
        if values := await self.open_dialog(form):
            await self._go_to(values["moment"])

    async def _go_to(self, moment: Moment) -> None:
        try:
            self.as_of = await self.run_query(
                lambda airbook: position_at(airbook.log, moment, airbook.clock())
            )
        except QUERY_ERRORS as error:
            self.show_notice(self.error_text(error), severity="error")
        else:
            self.slider.focus()
        self.moment = None
