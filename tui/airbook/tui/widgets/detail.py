"""All about one row: its state, why it is so, and every event that touched it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Literal, NamedTuple, cast

from msgspec import json
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from airbook.application.airbook import Airbook
from airbook.application.explain import why
from airbook.application.paging import EventFilter, WindowRequest, events
from airbook.application.responses import Airplane, Event, Parked, Reservation, Response
from airbook.application.text.formatting import (
    HEADINGS,
    error_sentence,
    format_event_data,
    format_fields,
    format_time,
)
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible, wrapped
from airbook.domain.refusal import Refused
from airbook.eventlog.log import UnreadableStream
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import TONE_OF

MOST_EVENTS = 200
MOST = 999_999_999  # the highest number there can be
AIRPLANE = ("status", "name", "seats", "taken", "pending", "left")
RESERVATION = ("status", "airplane", "customer", "seat", "reason", "received_at", "decided_at")


class Subject(NamedTuple):
    """What is told about. event: one of its events, to be told of first."""

    kind: Literal["airplane", "reservation"]
    number: int
    event: Event | None = None


class Story(NamedTuple):
    """What was found about a subject.

    sentence: why it is so; a refusal where there was none. earlier: how many events are not listed.
    """

    subject: Subject
    response: Response | None
    sentence: str
    events: Sequence[Event]
    earlier: int = 0


def subject_of(row: object) -> Subject | None:
    """Tell what a row is about."""
    match row:
        case Reservation(id=number):
            return Subject("reservation", number)
        case Airplane(id=number):
            return Subject("airplane", number)
        case Parked(reservation=number):
            return Subject("reservation", number)
        case Event():
            return about(row)
        case _:
            return None


def about(event: Event) -> Subject | None:
    """Find what an event is about; an assigned seat is about its reservation."""
    kind, _, number = event.stream.rpartition("-")
    said = json.decode(event.data)
    touched = cast("dict[str, object]", said).get("reservation") if isinstance(said, dict) else None
    if isinstance(touched, int) and 0 < touched <= MOST:
        return Subject("reservation", touched, event)
    if kind in {"airplane", "reservation"} and number.isdecimal() and int(number[:10]) <= MOST:
        return Subject(kind, int(number), event)  # type: ignore[arg-type]  # one of the two
    return None


class Detail(VerticalScroll):
    """Tells of the row one is at, as of the moment that is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("down", "scroll_down"),
        key("up", "scroll_up"),
        key("page_down", "page_down"),
        key("page_up", "page_up"),
        key("first", "scroll_home"),
        key("last", "scroll_end"),
    ]

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(id=id, classes="detail")
        self.label = label
        self.subject: Subject | None = None
        self.story: Story | None = None
        self.text = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """One text."""
        yield self.text

    def question(self, as_of: int | None) -> Callable[[Airbook], Story] | None:
        """Say what is to be read."""
        subject, label = self.subject, self.label
        return None if subject is None else lambda airbook: tell(airbook, subject, label, as_of)

    def show(self, found: Story) -> None:
        """Show what was found, unless somebody has gone on to another row."""
        if found.subject == self.subject:
            self.story = found
            self.on_resize()

    def on_resize(self) -> None:
        """Wrap it to the room there is."""
        if self.story is not None and self.size.width:
            self.text.update(Content("\n").join(self._lines(self.story)))

    def empty(self) -> None:
        """Show nothing."""
        self.story = None
        self.text.update("")

    def _lines(self, story: Story) -> Iterator[Content]:
        label, subject = self.label, story.subject
        if subject.event is not None:
            yield from self._fact(subject.event)
        heading = f"{label(HEADINGS[subject.kind])} {subject.number}"
        yield Content.styled(heading, "bold $primary")
        if story.sentence:
            yield Content(visible(story.sentence))
        yield Content("")
        if story.response is not None:
            words = format_fields(story.response, label)
            for name in AIRPLANE if isinstance(story.response, Airplane) else RESERVATION:
                style = STYLES.get(TONE_OF.get(str(getattr(story.response, name)), ""), "")
                if words[name]:
                    yield self._field(name, words[name], style)
            yield Content("")
        width = self.content_size.width - 1  # beside the scroll bar
        for event in story.events:
            bold = "bold" if subject.event and event.position == subject.event.position else ""
            position = Content.styled(f"{event.position:>8}  ", "$quiet")
            yield position + Content.styled(visible(event.type), bold)
            contents = visible(format_event_data(json.decode(event.data)))
            for line in wrapped(f"{format_time(event.at)}  {contents}", width - 10):
                yield Content.styled(f"{'':>10}{line}", "$quiet")
        if story.earlier:
            values = {"count": story.earlier, "stream": story.events[-1].stream}
            yield Content(label(mark("{count} earlier events: page 4, filter {stream}"), values))

    def _field(self, name: str, words: str, style: str = "") -> Content:
        title = self.label(HEADINGS[name])
        gap = " " * max(1, 14 - Content(title).cell_length)
        return Content.styled(f"{title}{gap}", "$quiet") + Content.styled(visible(words), style)

    def _fact(self, event: Event) -> Iterator[Content]:
        yield Content.styled(visible(event.type), "bold $primary")
        words = format_fields(event, self.label)
        for name in ("position", "at", "stream", "version"):
            yield self._field(name, words[name])
        for line in json.format(bytes(event.data), indent=2).decode().splitlines():
            yield Content.styled(visible(line), "$quiet")
        yield Content("")


STYLES = {"good": "$success", "bad": "$error", "pending": "$warning", "quiet": "$quiet"}


def tell(airbook: Airbook, subject: Subject, label: Labels, as_of: int | None) -> Story:
    """Find out about an airplane or a reservation, as of a log position; None means now."""
    number = subject.number
    try:
        if subject.kind == "airplane":
            response = airbook.queries.airplane(number, as_of=as_of)
            scope = WindowRequest(0, MOST_EVENTS, as_of=as_of)
            found = events(airbook.log, EventFilter(stream=f"airplane-{number}"), scope)
            return Story(subject, response, "", found.rows, found.total - len(found.rows))
        explained = why(airbook, number, label, as_of=as_of)
        timeline = airbook.queries.history(number, as_of=as_of)
        one = airbook.queries.reservation(number, as_of=as_of)
        return Story(subject, one, explained.sentence, timeline)
    except (Refused, UnreadableStream) as error:
        return Story(subject, None, label(*error_sentence(error)), ())
