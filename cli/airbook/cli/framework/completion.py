"""The values that a shell offers for arguments and options; the store is read, never changed."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import typer

from airbook.application.stores.sqlite import SQLiteStore
from airbook.cli.framework.session import session_of

if TYPE_CHECKING:
    from airbook.application.airbook import Airbook

MOST_SECONDS = 2.0  # that a person waits for the answer to a Tab
SQLITE = "sqlite:///"
STORE_KINDS = (SQLITE, "postgresql://")
MOMENTS = ("-5m", "-1h", "-1d", "yesterday")
DURATIONS = ("500ms", "5s", "30s", "1m")
LIFETIMES = ("1d", "30d", "90d", "365d", "never")


@contextmanager
def reading(ctx: typer.Context) -> Generator[Airbook | None]:
    """Open the store that the typed line names, or return None if opening it would create it.

    The process ends if a server does not answer for MOST_SECONDS.
    """
    session = session_of(ctx)
    store = session.settings.store
    if isinstance(store, SQLiteStore):
        file = store.path
        yield session.airbook if file.is_file() and file.stat().st_size else None
        return
    deadline = Timer(MOST_SECONDS, os._exit, [0])
    deadline.daemon = True
    deadline.start()
    try:
        yield session.airbook
    finally:
        deadline.cancel()


def complete_airplanes(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """List airplanes whose numbers begin with `incomplete`: names, seats left of all seats."""
    from airbook.application.suggestions import airplanes

    with reading(ctx) as airbook:
        for airplane in airplanes(airbook, incomplete) if airbook else ():
            state = airplane.state
            left = f"{state.seats - len(state.taken)}/{state.seats}" if state else ""
            yield str(airplane.number), f"{airplane.name or ''} {left}".strip()


def complete_reservations(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """List the newest reservations whose numbers begin with `incomplete`: customer, status."""
    from airbook.application.suggestions import reservations

    label = session_of(ctx).label
    with reading(ctx) as airbook:
        for number, found in reservations(airbook, incomplete) if airbook else ():
            status = label(found.status) if found else ""
            yield str(number), f"{(found and found.customer) or ''} {status}".strip()


def complete_parked(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """List the parked reservations whose numbers begin with `incomplete`: state and error."""
    from airbook.application import outcome
    from airbook.application.suggestions import MOST

    label = session_of(ctx).label
    with reading(ctx) as airbook:
        found = outcome.parked(airbook) if airbook else ()
        matching = (one for one in found if str(one.reservation).startswith(incomplete))
        for parked in islice(matching, MOST):
            yield str(parked.reservation), f"{label(parked.state)}: {parked.error}"


def complete_tokens(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """List the tokens that can be revoked, by their ids: subjects and roles."""
    from contextlib import closing

    with reading(ctx) as airbook:
        if airbook is None:
            return
        with closing(airbook.store.open_tokens()) as tokens:
            for token in tokens.all():
                if token.revoked_at is None and token.id.startswith(incomplete):
                    yield token.id, f"{token.subject}: {token.role}"


def complete_lifetimes(incomplete: str) -> Iterator[str]:
    """List some durations for which a token can be used."""
    yield from (one for one in LIFETIMES if one.startswith(incomplete))


def complete_customers(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """List the customers whose names begin with `incomplete`."""
    from airbook.application.suggestions import customers

    with reading(ctx) as airbook:
        yield from customers(airbook, incomplete) if airbook else ()


def complete_actors(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """List the actors whose names begin with `incomplete`."""
    from airbook.application.suggestions import actors

    with reading(ctx) as airbook:
        yield from actors(airbook, incomplete) if airbook else ()


def complete_views(incomplete: str) -> Iterator[str]:
    """List the views whose names begin with `incomplete`."""
    from airbook.projections.store import READ_MODELS

    return (name for name in READ_MODELS if name.startswith(incomplete))


def complete_moments(incomplete: str) -> Iterator[str]:
    """List examples of moments that begin with `incomplete`."""
    return (moment for moment in MOMENTS if moment.startswith(incomplete))


def complete_durations(incomplete: str) -> Iterator[str]:
    """List examples of durations that begin with `incomplete`."""
    return (duration for duration in DURATIONS if duration.startswith(incomplete))


def complete_stores(incomplete: str) -> Iterator[str]:
    """List the kinds of stores; after sqlite:///, the files and folders of the typed folder.

    A shell cannot list files that follow such a beginning.
    """
    if not incomplete.startswith(SQLITE):
        yield from (kind for kind in STORE_KINDS if kind.startswith(incomplete))
        return
    folder, beginning = os.path.split(incomplete.removeprefix(SQLITE))
    typed = incomplete.removesuffix(beginning)
    with os.scandir(Path(folder or ".").expanduser()) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            is_wanted = beginning or not entry.name.startswith(".")
            if is_wanted and entry.name.startswith(beginning):
                yield f"{typed}{entry.name}{'/' * entry.is_dir()}"
