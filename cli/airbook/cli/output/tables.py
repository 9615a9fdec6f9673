"""The tables of all commands: what their rows are, and which columns people see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from airbook.application.responses import (
    Airplane,
    Event,
    Parked,
    Reservation,
    Response,
    Setting,
    Token,
    ViewLag,
)


class Table(NamedTuple):
    """A table.

    response: the type of its rows. columns: the fields that people see, in order. optional: those
    of them that are left out where no row has a value.
    """

    response: type[Response]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of all fields of a row, as JSON has them."""
        return self.response.__struct_fields__

    def needed_for(self, rows: Sequence[Response]) -> Table:
        """Return the table without the optional columns in which no row has a value."""
        empty = {one for one in self.optional if all(getattr(row, one) is None for row in rows)}
        return self._replace(columns=tuple(one for one in self.columns if one not in empty))


AIRPLANES = Table(Airplane, ("id", "name", "seats", "taken", "pending", "left", "status"))
OWN_RESERVATIONS = Table(Reservation, ("id", "airplane", "status", "seat", "reason", "received_at"))
ALL_RESERVATIONS = Table(
    Reservation, ("id", "airplane", "customer", "status", "seat", "reason", "received_at")
)
EVENTS = Table(Event, ("position", "at", "stream", "type", "by", "cause", "data"), ("by", "cause"))
PARKED = Table(Parked, ("reservation", "position", "state", "at", "error"))
LAGS = Table(ViewLag, ("name", "position", "lag_events", "lag_seconds"))
SETTINGS = Table(Setting, ("name", "value", "origin"))
TOKENS = Table(Token, ("token_id", "subject", "role", "status", "created_at", "expires_at"))
