"""The --as-of option, and the log position that it names."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from airbook.application.as_of import (
    Moment,
    format_local,
    parse_moment,
    position_at,
    time_at,
    time_of,
)
from airbook.application.text.formatting import format_time
from airbook.application.text.labels import mark
from airbook.cli.framework.completion import complete_moments
from airbook.cli.framework.session import FOR_PEOPLE, Session

AsOf = Annotated[
    Moment | None,
    typer.Option(
        "--as-of",
        parser=parse_moment,
        metavar="MOMENT",
        autocompletion=complete_moments,
        help=mark(
            "Answer as of a position, a time or how long ago: 42, 2026-11-22T09:00, 22:53,"
            " yesterday 18:30, -1h30m. Without a time, yesterday is this time yesterday."
        ),
    ),
]


def find_position(session: Session, moment: Moment | None) -> int | None:
    """Return the log position of a moment, and print to stderr that the answer is a past state.

    moment: the value of --as-of. Returns None, which stands for now, without --as-of. Raises
    Refused (no_such_position).
    """
    if moment is None:
        return None
    now = session.airbook.clock()
    position = position_at(session.airbook.log, moment, now)
    if session.format in FOR_PEOPLE:
        print_moment(session, moment, position, now)
    return position


def print_moment(session: Session, moment: Moment, position: int, now: datetime) -> None:
    """Print which past state the answer shows: its position, and the time of its last event."""
    recorded = time_of(session.airbook.log, position)
    at = format_time(recorded) if recorded else ""
    if moment.position is None:
        time = format_local(time_at(moment, now))
        sentence = mark("As of {time}: position {position}, recorded at {at}.")
        if not position:
            sentence = mark("Nothing had happened yet by {time}.")
        session.print_note(sentence, time=time, position=position, at=at)
    elif position:
        session.print_note(mark("As of position {position}, {at}."), position=position, at=at)
    else:
        session.print_note(mark("Nothing had happened yet at position 0."))
