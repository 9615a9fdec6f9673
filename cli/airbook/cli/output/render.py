"""Printing of responses: tables for people, tab-separated text for pipes, JSON and CSV."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from airbook.application.responses import Reservation, Response
from airbook.application.text.formatting import (
    RESERVATION_SENTENCES,
    encode,
    fields_of,
    format_fields,
    format_value,
)
from airbook.application.text.labels import Labels
from airbook.application.text.terminal import visible
from airbook.cli.output.stdout import print_sentence

if TYPE_CHECKING:
    from airbook.cli.output.table import TablePrinter
    from airbook.cli.output.tables import Table


class Printer:
    """A printer of responses to stdout, in one output format."""

    def __init__(self, format: str, label: Labels, *, color: bool) -> None:  # noqa: A002
        """format: table, plain, json, jsonl or csv. color: whether tables are colored."""
        self.format = format
        self.label = label
        self.color = color

    def one(self, response: Response, sentence: str) -> None:
        """Print one response.

        sentence: English, with {placeholders} for its fields; the table format prints it.
        """
        match self.format:
            case "table":
                print_sentence(self.label(sentence, format_fields(response, self.label)))
            case "csv":
                print_csv([response])
            case _:
                self.lines([response])

    def reservation(self, found: Reservation) -> None:
        """Print a reservation, with the sentence of its status."""
        unknown = RESERVATION_SENTENCES["cancelled"]  # a damaged view may hold any status
        self.one(found, RESERVATION_SENTENCES.get(found.status, unknown))

    def many(self, responses: Sequence[Response], table: Table, empty: str = "") -> None:
        """Print a list of responses.

        empty: the label that the table format prints instead of no rows.
        """
        match self.format:
            case "table" if not responses:
                print_sentence(self.label(empty))
            case "table":
                self.table(table.needed_for(responses)).print(responses)
            case "json":
                print(encode(list(responses)))
            case "csv":
                print_csv(responses)
            case _:
                self.lines(responses)

    def table(self, table: Table) -> TablePrinter:
        """Return a printer of a table."""
        from airbook.cli.output.table import TablePrinter  # loads what quick commands do without

        return TablePrinter(table.columns, self.label, color=self.color)

    def lines(self, responses: Iterable[Response]) -> None:
        """Print each response on a line of its own, and flush stdout."""
        for response in responses:
            match self.format:
                case "json" | "jsonl":
                    print(encode(response))
                case "csv":
                    print_csv([response], header=False)
                case _:
                    print(
                        "\t".join(
                            visible(format_value(value)) for value in fields_of(response).values()
                        )
                    )
        sys.stdout.flush()


def print_csv(responses: Sequence[Response], *, header: bool = True) -> None:
    """Print responses as CSV (RFC 4180), a row each; a spreadsheet runs none of their texts.

    header: whether the names of the fields come first.
    """
    import csv

    writer = csv.writer(sys.stdout)
    for response in responses[: int(header)]:
        writer.writerow(structs.asdict(response))
    for response in responses:
        writer.writerow(map(csv_cell, fields_of(response).values()))


def csv_cell(value: object) -> str:
    """Return the text of a value in CSV; numbers are not quoted, so that they stay numbers."""
    from airbook.application.text.spreadsheet import quote_formula

    text = visible(format_value(value))
    return quote_formula(text) if isinstance(value, str) else text
