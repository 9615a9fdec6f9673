"""A slider over all positions of the log; moving it looks back."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from airbook.application.text.formatting import format_time
from airbook.application.text.labels import Labels, mark
from airbook.tui.session.following import REFRESH_SECONDS
from airbook.tui.session.keys import key
from airbook.tui.session.reasons import Reason
from airbook.tui.widgets.bars import ASCII, BLOCKS

SPEEDS = (1, 2, 5, 10, 50, 100, 1_000)  # events a second


class Slider(Widget, can_focus=True):
    """Two lines: the position with its time, and the track.

    head: the last position. place: the chosen position. at: its time. playing: whether the place
    advances by itself. speed: in events a second.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("earlier", "move(-1)"),
        key("later", "move(1)"),
        key("much_earlier", "leap(-1)"),
        key("much_later", "leap(1)"),
        key("beginning", "beginning"),
        key("end", "end"),
        key("play", "play"),
        key("faster", "speed(1)"),
        key("slower", "speed(-1)"),
        key("moment", "screen.moment"),
        key("down", "screen.move(1)"),
        key("up", "screen.move(-1)"),
        # Impossible in the past: the screen says why, also while the page has not the focus.
        key("seats", "screen.set_seats"),
        key("close", "screen.close_or_open"),
        key("cancel", "screen.cancel"),
        key("retry", "screen.retry"),
        key("drop", "screen.drop"),
    ]

    head: reactive[int] = reactive(0)
    place: reactive[int] = reactive(0)
    at: reactive[str | None] = reactive(None)
    playing: reactive[bool] = reactive(default=False)
    speed: reactive[int] = reactive(SPEEDS[0])

    class PositionChosen(Message):
        """Another position was chosen."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    def __init__(self, label: Labels, *, ascii: bool) -> None:  # noqa: A002 -- the word of Look
        super().__init__(id="slider")
        self.label = label
        self.strokes = ASCII if ascii else BLOCKS
        self._owed = 0.0
        self._dragged = False

    def on_mount(self) -> None:
        """Start the timer that plays the log."""
        self.set_interval(REFRESH_SECONDS, self._step)

    def reason_against(self, action: str, parameters: tuple[object, ...]) -> Reason | None:
        """Return why the slider cannot move, or not play faster or slower; None if it can."""
        match action, parameters:
            case ("move" | "leap", (-1,)) | ("beginning", _) if self.place <= 0:
                return Reason(mark("This is the beginning of the log."))
            case ("move" | "leap", (1,)) | ("end", _) if self.place >= self.head:
                return Reason(mark("This is the last event of the log."))
            case "speed", (1,) if self.speed == SPEEDS[-1]:
                return Reason(mark("It cannot play faster."))
            case "speed", (-1,) if self.speed == SPEEDS[0]:
                return Reason(mark("It cannot play slower."))
            case _:
                return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that are possible now."""
        return True if self.reason_against(action, parameters) is None else None

    def watch_speed(self) -> None:
        """Show the keys that are possible now."""
        self.refresh_bindings()

    def go(self, position: int) -> None:
        """Choose a position; it is limited to the log."""
        self.place = max(0, min(position, self.head))
        self.post_message(self.PositionChosen(self.place))

    def _step(self) -> None:
        if not self.playing:
            return
        self._owed += self.speed * REFRESH_SECONDS
        if self._owed >= 1:
            self.go(self.place + int(self._owed))
            self._owed %= 1
        if self.place >= self.head:
            self.playing = False

    def action_move(self, by: int) -> None:
        """Move by some events."""
        self.playing = False
        self.go(self.place + by)

    def action_leap(self, by: int) -> None:
        """Move by some twentieths of the log."""
        self.action_move(by * max(1, self.head // 20))

    def action_beginning(self) -> None:
        """Move to the position before the first event."""
        self.action_move(-self.place)

    def action_end(self) -> None:
        """Move to the last event."""
        self.action_move(self.head - self.place)

    def action_play(self) -> None:
        """Play the log from here, or stop; at the end, play it from the beginning."""
        if not self.playing and self.place >= self.head:
            self.go(0)
        self.playing, self._owed = not self.playing, 0.0

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        place = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[max(0, min(place, len(SPEEDS) - 1))]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag."""
        self._dragged = True
        self.capture_mouse()
        self._drag(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move to the dragged place."""
        if self._dragged:
            self._drag(event)

    def on_mouse_up(self) -> None:
        """End dragging."""
        self._dragged = False
        self.release_mouse()

    def _drag(self, event: events.MouseEvent) -> None:
        self.playing = False
        cells = max(1, self.content_size.width - 1)
        self.go(round((event.x - self.gutter.left) * self.head / cells))

    def render(self) -> Content:
        """Draw both lines."""
        label = self.label
        values = {
            "position": self.place,
            "head": self.head,
            "at": format_time(self.at) if self.at else "-",
        }
        where = label(mark("Position {position} of {head}, {at}"), values)
        playing = mark("playing, {speed}/s") if self.playing else mark("speed {speed}/s")
        pace = label(playing, {"speed": self.speed})
        width = self.content_size.width
        gap = " " * max(1, width - Content(where).cell_length - Content(pace).cell_length)
        cells = max(1, width - 1)
        done = round(self.place * cells / self.head) if self.head else 0
        track = Content.styled(self.strokes.taken * done, "$past")
        rest = Content.styled(self.strokes.left * (cells - done), "$quiet")
        handle = Content.styled("O" if self.strokes is ASCII else "█", "bold $foreground")
        return Content.styled(where, "bold") + gap + pace + "\n" + track + handle + rest
