"""The --sort option of the commands that print a table."""

from __future__ import annotations

from typing import Any

import typer

from airbook.application.sorting import Sorting
from airbook.application.text.labels import mark
from airbook.application.text.parsing import refuse
from airbook.application.text.terminal import shown
from airbook.cli.output.tables import Table

DESCENDING = "-"


def sort_option(table: Table) -> Any:  # noqa: ANN401 -- what typer.Option returns
    """Return the option --sort, whose values are the fields of a table."""

    def parse(word: str) -> Sorting:
        field = word.removeprefix(DESCENDING)
        if field not in table.fields:
            sentence = mark("There is no column {name}; there are {names}.")
            refuse(sentence, name=shown(field), names=", ".join(table.fields))
        return Sorting(field, descending=word.startswith(DESCENDING))

    def complete(incomplete: str) -> list[str]:
        sign = DESCENDING if incomplete.startswith(DESCENDING) else ""
        words = [f"{sign}{field}" for field in table.fields]
        return [word for word in words if word.startswith(incomplete)]

    return typer.Option(
        "--sort",
        parser=parse,
        metavar="COLUMN",
        autocompletion=complete,
        help=mark("Sort by a column, in descending order with a minus: seats, -seats."),
    )
