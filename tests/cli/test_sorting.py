"""The option --sort: every table, in every output format."""

from __future__ import annotations

import csv
import io
import json

import pytest

from airbook.cli.framework.app import build
from airbook.cli.framework.command_catalog import leaves
from tests.cli.completions import values
from tests.cli.conftest import Inside
from tests.cli.dashboards import Screens
from tests.cli.sorted_tables import SORTED
from tests.support.answers import refused
from tests.support.home import Home
from tests.support.stores import by_hand

PARKED = """INSERT INTO parked VALUES
    (1, 2, 'no reason', '2026-11-22T09:00:00.000Z', 0, 0),
    (2, 3, 'A reason', '2026-11-22T09:00:00.000Z', 0, 0)"""


@pytest.mark.parametrize(
    ("line", "field", "order"),
    [
        ("my-page --all --sort customer", "id", [4, 5, 6, 1, 2, 3]),
        ("my-page --all --sort -customer", "id", [3, 2, 1, 6, 5, 4]),
        ("my-page --all --sort seat", "id", [1, 2, 3, 4, 5, 6]),
        ("my-page --all --sort -seat", "id", [5, 4, 3, 2, 1, 6]),
        ("my-page --all --sort reason", "id", [6, 1, 2, 3, 4, 5]),
        ("my-page --all --limit 2 --sort -id", "id", [6, 5]),
        ("history 2 --sort -type", "position", [10, 3, 11]),
        ("events --since 14 --sort -stream", "position", [18, 17, 15, 16]),
        ("views status --sort name", "name", ["airplanes", "history", "reservations", "totals"]),
        ("parked list --sort -reservation", "reservation", [2, 1]),
        ("parked list --sort error", "reservation", [2, 1]),
        ("config show --sort origin", "origin", ["default", "environment", "flag"]),
        ("config show --sort -origin", "origin", ["flag", "environment", "default"]),
    ],
)
def test_every_list_can_be_sorted(
    five_seats: Inside, line: str, field: str, order: list[int | str]
):
    if "parked" in line:
        with by_hand(five_seats.store) as connection:
            connection.execute(PARKED)
    found = [row[field] for row in five_seats.json(*line.split())]
    assert list(dict.fromkeys(found)) == order


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_output_format_has_the_same_order(five_seats: Inside, language: str):
    words = ("my-page", "--all", "--sort", "-customer", "--lang", language)
    lines = {
        output: five_seats(*words, "-o", output).raw.decode().splitlines()
        for output in ("table", "plain", "csv", "jsonl", "json")
    }
    assert {
        "table": [line.split()[0] for line in lines["table"][2:]],
        "plain": [line.split("\t")[0] for line in lines["plain"]],
        "csv": [row["id"] for row in csv.DictReader(io.StringIO("\n".join(lines["csv"])))],
        "jsonl": [str(json.loads(line)["id"]) for line in lines["jsonl"]],
        "json": [str(row["id"]) for row in json.loads(lines["json"][0])],
    } == {output: ["3", "2", "1", "6", "5", "4"] for output in lines}


def test_the_streaming_formats_of_events_are_sorted_too(five_seats: Inside):
    for output in ("plain", "jsonl"):
        shown = five_seats("events", "--sort", "-position", "-o", output).raw.decode()
        in_order = five_seats("events", "-o", output).raw.decode()
        assert shown.splitlines() == in_order.splitlines()[::-1]


def test_an_unknown_column(five_seats: Inside):
    sentence = "There is no column {}; there are name, position, lag_events, lag_seconds."
    for word, shown in (("nonsense", "'nonsense'"), ("-", "''"), ("--name", "'-name'")):
        answer = five_seats("views", "status", "--sort", word)
        assert (answer.code, refused(answer)) == (
            2,
            [sentence.format(shown), "hint: airbook views status --help"],
        )


@pytest.mark.parametrize("words", [["--follow"], ["--format", "seed"]])
def test_what_keeps_the_order_of_the_log_takes_no_other(five_seats: Inside, words: list[str]):
    answer = five_seats("events", "--sort", "at", *words)
    assert (answer.code, refused(answer)[0]) == (
        2,
        "--follow and --format seed keep the order of the log: omit --sort.",
    )


def test_a_sorted_page_is_printed_and_not_opened_as_a_screen(five_seats: Inside, terminal: Screens):
    answer = five_seats("my-page", "--customer", "kim", "--sort", "id")
    assert (answer.code, answer.out.split("\t")[2], terminal.opened) == (0, "kim", [])


def test_every_command_that_sorts_offers_the_fields_of_its_rows(home: Home):
    found = {
        name
        for name, command in leaves(build([]))
        if any("--sort" in parameter.opts for parameter in command.params)
    }
    assert found == SORTED.keys()
    for name, table in SORTED.items():
        words = (*name.split(), "--sort")
        assert values(home, *words, "") == list(table.fields)
        assert values(home, *words, "-") == [f"-{field}" for field in table.fields]
