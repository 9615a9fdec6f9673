"""Looking back: the option that shows everything as it was."""

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
        help=mark("As it was: a position, a time, or how long ago (42, 2026-11-22T09:00, -5m)."),
    ),
]


def position(session: Session, moment: Moment | None) -> int | None:
    """Find the position that was asked for, and say plainly that the answer is not of now."""
    if moment is None:
        return None
    found = position_at(session.airbook.log, moment, session.airbook.clock())
    if session.format in FOR_PEOPLE:
        at = time_of(session.airbook.log, found)
        session.say(
            mark("As of position {position}, {at}."),
            position=found,
            at=format_time(at) if at else "-",
        )
    return found
