"""The --as-of option, and the log position that it names."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.as_of import Moment, parse_moment, position_at, time_of
from airbook.application.text.formatting import format_time
from airbook.application.text.labels import mark
from airbook.cli.framework.session import FOR_PEOPLE, Session

AsOf = Annotated[
    Moment | None,
    typer.Option(
        "--as-of",
        parser=parse_moment,
        metavar="MOMENT",
        help=mark("Answer as of a position, a time, or how long ago (42, 2026-11-22T09:00, -5m)."),
    ),
]


def find_position(session: Session, moment: Moment | None) -> int | None:
    """Return the log position of a moment, and print to stderr that the answer is a past state.

    moment: the value of --as-of. Returns None, which stands for now, without --as-of. Raises
    Refused (no_such_position).
    """
    if moment is None:
        return None
    position = position_at(session.airbook.log, moment, session.airbook.clock())
    if session.format in FOR_PEOPLE:
        at = time_of(session.airbook.log, position)
        session.print_note(
            mark("As of position {position}, {at}."),
            position=position,
            at=format_time(at) if at else "-",
        )
    return position
