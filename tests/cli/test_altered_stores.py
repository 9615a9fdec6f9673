"""Whatever a column of the files holds: no command ends with an internal error."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.eventlog.records import Checkpoint, ParkedReservation, Transaction
from airbook.projections.store import READ_MODELS
from tests.cli.conftest import Inside
from tests.support.altering import VALUES, Column, alter, columns_of, tables_of
from tests.support.stores import execute, open_log
from tests.support.stories import NINE, at

READS = (
    *(["planes"], ["plane", "1"], ["my-page", "--all"], ["my-page", "--customer", "customer 1"]),
    *(["show", "1"], ["history", "1"], ["why", "1"], ["wait", "1", "--timeout", "0"]),
    *(["events"], ["events", "-o", "jsonl"], ["events", "--format", "seed"], ["parked", "list"]),
    *(["doctor"], ["status"], ["views", "status"], ["store", "status"], ["store", "check"]),
    *(["planes", "--as-of", "3"], ["planes", "--as-of", "-1h"]),
)
VIEW_READS = (
    *(["planes"], ["my-page", "--all"], ["show", "1"], ["history", "1"], ["why", "1"]),
    *(["wait", "1", "--timeout", "0"], ["doctor"], ["status"], ["views", "status"]),
    *(["planes", "--as-of", "3"],),
)
WRITES = (["reserve", "1", "--key", "k"], ["cancel", "2"], ["admin", "add-plane", "--seats", "1"])
LOG = ("stored_events", "tracking", "identity", "numbers", "keys", "customers", "parked", "digests")
VIEWS = (*(one.table.name for one in READ_MODELS.values()), "checkpoints")
QUICK = {"NULL", "not UTF-8"}  # `make torture` tries the others, in every column
LATE, TIMES = "year 9999", {"at", "received_at", "decided_at"}
EACH_VALUE = [
    value if value in QUICK else pytest.param(value, marks=pytest.mark.torture) for value in VALUES
]
ROWS = {"stored_events": "rowid = 9", "tracking": "application_name = 'approver'"}
# What no digest covers: names, which can be forgotten, and what an operator asks for.
UNCOVERED = {("customers", "name"), ("parked", "retry"), ("parked", "dropped"), ("identity", "id")}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home whose tables all have rows."""
    home = Inside(tmp_path_factory.mktemp("template"))
    home.record_five_seats()
    with Airbook(home.kept) as airbook:
        airbook.execute_all([Order(Reserve(1, "customer 1"), key="k")])
    parked = ParkedReservation(7, 19, "an error", at(0))
    with open_log(home.store) as log:
        log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver", 19), parked=[parked]))
    home("planes")
    return home.path


@pytest.fixture
def altered(template: Path, inside: Inside) -> Inside:
    """Copy the home of the template."""
    shutil.copytree(template, inside.path)
    return inside


def restore(template: Path, inside: Inside) -> None:
    shutil.rmtree(inside.path)
    shutil.copytree(template, inside.path)


def no_internal_error(inside: Inside, *commands: list[str]) -> None:
    for words in commands:
        answer = inside(*words)
        assert answer.code in range(9), (words, answer)
        assert "inside airbook" not in answer.err, (words, answer)
        assert "Traceback" not in answer.err, (words, answer)


@pytest.mark.parametrize("value", EACH_VALUE)
@pytest.mark.parametrize("table", LOG)
def test_a_value_of_the_log_altered(template: Path, altered: Inside, table: str, value: str):
    for column in columns_of(altered.store, table):
        if alter(altered.store, update(column, value)):
            no_internal_error(altered, *READS, *WRITES)
            restore(template, altered)


def test_a_late_time(template: Path, altered: Inside):
    tried = list[Column]()
    for file, reads in ((altered.store, READS), (altered.views, VIEW_READS)):
        for column in times_of(file):
            assert alter(file, update(column, LATE)), column
            no_internal_error(altered, *reads, *WRITES)
            restore(template, altered)
            tried.append(column)
    names = [f"{table}.{name}" for table, name in tried]
    table = READ_MODELS["reservations"].table.name
    assert names == ["parked.at", f"{table}.received_at", f"{table}.decided_at"]


def times_of(file: Path) -> list[Column]:
    """List the columns of a file that hold times."""
    columns = (column for table in tables_of(file) for column in columns_of(file, table))
    return [column for column in columns if column.name in TIMES]


def update(column: Column, value: str) -> str:
    """Return a statement that alters a column; of the events and the checkpoints one row only."""
    row = ROWS.get(column.table, "true")
    return f"UPDATE {column.table} SET {column.name} = {VALUES[value]} WHERE {row}"  # noqa: S608


def emptied(table: str) -> str:
    """Return a statement that removes all rows of a table."""
    return f"DELETE FROM {table}"  # noqa: S608


@pytest.mark.parametrize("value", EACH_VALUE)
@pytest.mark.parametrize("table", VIEWS)
def test_a_value_of_the_views_altered(template: Path, altered: Inside, table: str, value: str):
    for column in columns_of(altered.views, table):
        if alter(altered.views, update(column, value)):
            no_internal_error(altered, *VIEW_READS, *WRITES)
            restore(template, altered)


@pytest.mark.parametrize("table", LOG)
def test_a_table_of_the_log_gone_or_empty(template: Path, altered: Inside, table: str):
    for statement in (f"DROP TABLE {table}", emptied(table)):
        alter(altered.store, statement)
        no_internal_error(altered, *READS, *WRITES)
        restore(template, altered)


@pytest.mark.parametrize("table", VIEWS)
def test_a_table_of_the_views_gone_or_empty(template: Path, altered: Inside, table: str):
    for statement in (f"DROP TABLE {table}", emptied(table)):
        alter(altered.views, statement)
        no_internal_error(altered, *VIEW_READS, *WRITES)
        restore(template, altered)


def test_every_table_is_tried(template: Path):
    assert {*LOG, "actors"} == {*tables_of(template / "airbook.db")}
    assert {*VIEWS} == {*tables_of(template / "airbook.views.db")}


@pytest.mark.parametrize("value", EACH_VALUE)
@pytest.mark.parametrize("table", LOG)
def test_the_doctor_finds_a_value_altered(template: Path, altered: Inside, table: str, value: str):
    for column in columns_of(altered.store, table):
        if (table, column.name) in UNCOVERED or is_same(altered.store, column, VALUES[value]):
            continue
        if alter(altered.store, update(column, value)):
            for views in ("with", "without"):
                if views == "without":
                    altered.views.unlink(missing_ok=True)
                answer = altered("doctor")
                assert answer.code in {1, 8}, (column, answer)
                assert "inside airbook" not in answer.err, (column, answer)
            restore(template, altered)


def test_the_doctor_finds_a_late_time(altered: Inside):
    assert times_of(altered.store) == [Column("parked", "at")]
    assert alter(altered.store, update(Column("parked", "at"), LATE))
    found = altered("doctor", "-o", "json").document["findings"]
    assert [finding["code"] for finding in found] == ["parked", "registry_changed"]


def is_same(file: Path, column: Column, value: str) -> bool:
    """Return whether a column holds a value already."""
    query = f"SELECT 1 FROM {column.table} WHERE {column.name} IS {value}"  # noqa: S608
    return bool(execute(file, query))
