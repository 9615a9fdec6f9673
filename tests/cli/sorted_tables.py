"""The commands that take --sort, and the tables that they print."""

from __future__ import annotations

from airbook.cli.output import tables

SORTED = {
    "planes": tables.AIRPLANES,
    "my-page": tables.ALL_RESERVATIONS,
    "history": tables.EVENTS,
    "events": tables.EVENTS,
    "views status": tables.LAGS,
    "parked list": tables.PARKED,
    "token list": tables.TOKENS,
    "config show": tables.SETTINGS,
}
