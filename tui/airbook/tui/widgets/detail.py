"""The detail of one row: its state, the reason of its decision, and its events."""

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
from airbook.application.event_filter import of_stream
from airbook.application.explain import why
from airbook.application.paging import WindowRequest, events
from airbook.application.responses import Airplane, Event, Parked, Reservation, Response
from airbook.application.text.formatting import (
    HEADINGS,
    error_sentence,
    format_actor,
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
MOST_NUMBER = 999_999_999
AIRPLANE = ("status", "name", "seats", "taken", "pending", "left")
RESERVATION = ("status", "airplane", "customer", "seat", "reason", "received_at", "decided_at")


class Subject(NamedTuple):
    """The airplane or reservation of a row. event: the row itself, if it is an event."""

    kind: Literal["airplane", "reservation"]
    number: int
    event: Event | None = None


class SubjectHistory(NamedTuple):
    """The state and the events of a subject.

    sentence: the reason of the decision, or the error if the subject cannot be read. earlier: the
    number of events that are not listed.
    """

    subject: Subject
    response: Response | None
    sentence: str
    events: Sequence[Event]
    earlier: int = 0


def subject_of(row: object) -> Subject | None:
    """Return the subject of a row."""
    match row:
        case Reservation(id=number):
            return Subject("reservation", number)
        case Airplane(id=number):
            return Subject("airplane", number)
        case Parked(reservation=number):
            return Subject("reservation", number)
        case Event():
            return subject_of_event(row)
        case _:
            return None


def subject_of_event(event: Event) -> Subject | None:
    """Return the subject of an event; that of an assigned seat is its reservation."""
    kind, _, number = event.stream.rpartition("-")
    data = json.decode(event.data)
    touched = cast("dict[str, object]", data).get("reservation") if isinstance(data, dict) else None
    if isinstance(touched, int) and 0 < touched <= MOST_NUMBER:
        return Subject("reservation", touched, event)
    is_number = number.isdecimal() and int(number[:10]) <= MOST_NUMBER
    if kind in {"airplane", "reservation"} and is_number:
        return Subject(kind, int(number), event)  # type: ignore[arg-type]  # one of the literals
    return None


class Detail(VerticalScroll):
    """Shows the current row, as of the position that the screen shows."""

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
        self.history: SubjectHistory | None = None
        self.text = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Compose the text."""
        yield self.text

    def detail_query(self, as_of: int | None) -> Callable[[Airbook], SubjectHistory] | None:
        """Return the query for the detail, as of a log position; None if there is no subject."""
        subject, label = self.subject, self.label
        if subject is None:
            return None
        return lambda airbook: read_history(airbook, subject, label, as_of)

    def show(self, history: SubjectHistory) -> None:
        """Show a result, unless the cursor has moved to another subject since."""
        if history.subject == self.subject:
            self.history = history
            self.on_resize()

    def on_resize(self) -> None:
        """Wrap the text to the new width."""
        if self.history is not None and self.size.width:
            self.text.update(Content("\n").join(self._lines(self.history)))

    def empty(self) -> None:
        """Show no text."""
        self.history = None
        self.text.update("")

    def _lines(self, history: SubjectHistory) -> Iterator[Content]:
        subject = history.subject
        if subject.event is not None:
            yield from self._event_lines(subject.event)
        heading = f"{self.label(HEADINGS[subject.kind])} {subject.number}"
        yield Content.styled(heading, "bold $primary")
        if history.sentence:
            yield Content(visible(history.sentence))
        yield Content("")
        if history.response is not None:
            yield from self._state_lines(history.response)
        yield from self._history_lines(history)

    def _state_lines(self, response: Response) -> Iterator[Content]:
        words = format_fields(response, self.label)
        for name in AIRPLANE if isinstance(response, Airplane) else RESERVATION:
            style = STYLES.get(TONE_OF.get(str(getattr(response, name)), ""), "")
            if words[name]:
                yield self._field(name, words[name], style)
        yield Content("")

    def _history_lines(self, history: SubjectHistory) -> Iterator[Content]:
        current = history.subject.event
        width = self.content_size.width - 1  # without the scroll bar
        for event in history.events:
            bold = "bold" if current and event.position == current.position else ""
            position = Content.styled(f"{event.position:>8}  ", "$quiet")
            yield position + Content.styled(visible(event.type), bold)
            contents = visible(format_event_data(json.decode(event.data)))
            acted = visible(format_actor(event, self.label))
            parts = (format_time(event.at), *([acted] if acted else []), contents)
            for line in wrapped("  ".join(parts), width - 10):
                yield Content.styled(f"{'':>10}{line}", "$quiet")
        if history.earlier:
            values = {"count": history.earlier, "stream": history.events[-1].stream}
            sentence = mark("{count} earlier events: page 4, filter {stream}")
            yield Content(self.label(sentence, values))

    def _field(self, name: str, words: str, style: str = "") -> Content:
        title = self.label(HEADINGS[name])
        gap = " " * max(1, 14 - Content(title).cell_length)
        return Content.styled(f"{title}{gap}", "$quiet") + Content.styled(visible(words), style)

    def _event_lines(self, event: Event) -> Iterator[Content]:
        yield Content.styled(visible(event.type), "bold $primary")
        words = format_fields(event, self.label)
        for name in ("position", "at", "stream", "version", "by", "cause"):
            if words[name]:
                yield self._field(name, words[name])
        for line in json.format(bytes(event.data), indent=2).decode().splitlines():
            yield Content.styled(visible(line), "$quiet")
        yield Content("")


STYLES = {"good": "$success", "bad": "$error", "pending": "$warning", "quiet": "$quiet"}


def read_history(
    airbook: Airbook, subject: Subject, label: Labels, as_of: int | None
) -> SubjectHistory:
    """Read the history of an airplane or a reservation as of a log position; None means now."""
    number = subject.number
    try:
        if subject.kind == "airplane":
            response = airbook.queries.airplane(number, as_of=as_of)
            request = WindowRequest(0, MOST_EVENTS, as_of=as_of)
            found = events(airbook.log, of_stream(f"airplane-{number}"), request, airbook.clock())
            return SubjectHistory(subject, response, "", found.rows, found.total - len(found.rows))
        explained = why(airbook, number, label, as_of=as_of)
        timeline = airbook.queries.history(number, as_of=as_of)
        one = airbook.queries.reservation(number, as_of=as_of)
        return SubjectHistory(subject, one, explained.sentence, timeline)
    except (Refused, UnreadableStream) as error:
        return SubjectHistory(subject, None, label(*error_sentence(error)), ())
