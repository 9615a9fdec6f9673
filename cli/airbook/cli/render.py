"""Printing shapes: tables for people, tab-separated text for pipes, JSON and CSV for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import json, structs, to_builtins

from airbook.cli.words import visible
from airbook.runtime.labels import Labels, mark
from airbook.runtime.shapes import Shape

HEADINGS = {
    "id": mark("No."),
    "airplane": mark("Airplane"),
    "reservation": mark("Reservation"),
    "name": mark("Name"),
    "customer": mark("Customer"),
    "seats": mark("Seats"),
    "taken": mark("Taken"),
    "waiting": mark("Waiting"),
    "left": mark("Left"),
    "seat": mark("Seat"),
    "status": mark("Status"),
    "state": mark("State"),
    "reason": mark("Reason"),
    "received_at": mark("Received"),
    "decided_at": mark("Decided"),
    "position": mark("Position"),
    "stream": mark("Stream"),
    "version": mark("Version"),
    "type": mark("Type"),
    "at": mark("At"),
    "data": mark("Contents"),
    "lag_events": mark("Behind (facts)"),
    "lag_seconds": mark("Behind (seconds)"),
    "error": mark("Error"),
    "value": mark("Value"),
    "origin": mark("From"),
}
CODES = {
    "received": mark("received"),
    "approved": mark("approved"),
    "rejected": mark("rejected"),
    "cancelled": mark("cancelled"),
    "open": mark("open"),
    "closed": mark("closed"),
    "parked": mark("parked"),
    "retrying": mark("retrying"),
    "dropped": mark("dropped"),
    "no_seats_left": mark("no seats left"),
    "no_such_airplane": mark("no such airplane"),
    "airplane_closed": mark("airplane closed"),
}
COLORS = {
    "received": "yellow",
    "approved": "green",
    "rejected": "red",
    "cancelled": "dim",
    "closed": "red",
    "open": "green",
}
TRANSLATED = {"status", "reason", "state"}
NUMBERS = {"id", "seats", "taken", "waiting", "left", "seat", "position", "version"}


class Printer:
    """Prints to stdout in one format."""

    def __init__(self, format: str, label: Labels, *, color: bool) -> None:  # noqa: A002
        """format: table, plain, json, jsonl or csv. color: whether tables may have any."""
        self.format = format
        self.label = label
        self.color = color

    def one(self, shape: Shape, sentence: str) -> None:
        """Print one thing. sentence: English, with {placeholders} for its fields, for people."""
        if self.format == "table":
            print(visible(self.label(sentence, self.words(shape))))
        elif self.format in {"json", "jsonl"}:
            print(encode(shape))
        else:
            self.many([shape], ())

    def many(self, shapes: Sequence[Shape], columns: Sequence[str], empty: str = "") -> None:
        """Print a list. columns: those a table has room for. empty: said if there is nothing."""
        match self.format:
            case "table" if not shapes:
                print(self.label(empty))
            case "table":
                self.table(shapes, columns)
            case "json":
                print(encode(list(shapes)))
            case "csv":
                print_csv(shapes)
            case _:
                self.lines(shapes)

    def lines(self, shapes: Iterable[Shape]) -> None:
        """Print a thing a line, as they come."""
        for shape in shapes:
            if self.format in {"json", "jsonl"}:
                print(encode(shape), flush=True)
            else:
                fields = to_builtins(shape).values()
                print("\t".join(visible(plain(value)) for value in fields), flush=True)

    def table(self, shapes: Sequence[Shape], columns: Sequence[str]) -> None:
        """Print a table; whatever is in it is shown as text, never as markup."""
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            heading = Text(self.label(HEADINGS[column]))
            table.add_column(heading, justify="right" if column in NUMBERS else "left")
        for shape in shapes:
            fields, words = to_builtins(shape), self.words(shape)
            cells = [
                Text(visible(str(words[column])), style=COLORS.get(str(fields[column]), ""))
                for column in columns
            ]
            table.add_row(*cells)
        Console(no_color=not self.color, highlight=False, emoji=False).print(table)

    def words(self, shape: Shape) -> Mapping[str, str]:
        """Put each field of a thing as a person reads it."""
        fields: dict[str, Any] = to_builtins(shape)
        return {
            name: self.label(CODES[value])
            if name in TRANSLATED and value in CODES
            else clock(value)
            if name.endswith("at") and value
            else plain(value)
            for name, value in fields.items()
        }


def encode(shape: Shape | list[Shape]) -> str:
    """Write JSON, UTF-8, on one line."""
    return json.encode(shape).decode()


def plain(value: object) -> str:
    """Write one field as text; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.encode(value).decode()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def clock(at: str) -> str:
    """Show a UTC time by the clock on the wall."""
    from datetime import datetime

    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"


def print_csv(shapes: Sequence[Shape]) -> None:
    """Print a header and a row for each (RFC 4180)."""
    import csv

    writer = csv.writer(sys.stdout)
    for shape in shapes[:1]:
        writer.writerow(structs.asdict(shape))
    for shape in shapes:
        writer.writerow(visible(plain(value)) for value in to_builtins(shape).values())
