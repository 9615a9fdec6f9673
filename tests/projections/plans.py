"""How a database finds rows, in SQLite's words: SEARCH airplanes USING INDEX airplanes_now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event as sql_event

from airbook.projections.postgres import ServerDatabase
from airbook.projections.sqlite import FileDatabase
from airbook.projections.store import Views

# A table with few rows is quicker read whole; this asks what is done where there are many.
BY_INDEX = (
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
)
Step = dict[str, Any]


def plans(views: Views, work: Callable[[], object]) -> list[str]:
    """Do some work and list how the rows of every statement it consists of are found."""
    statements = said(views, work)
    if isinstance(views.database, ServerDatabase):
        with views.writing() as connection:
            connection.exec_driver_sql("ANALYZE")  # as the server does by itself, in a while
    explained = in_a_file if isinstance(views.database, FileDatabase) else on_a_server
    with views.reading() as connection:
        return [step for one in statements for step in explained(connection, *one)]


def rows_read(views: Views, work: Callable[[], object]) -> int:
    """Do some work and count the rows that its statements answer with."""
    statements = said(views, work)
    with views.reading() as connection:
        return sum(len(connection.exec_driver_sql(*one).fetchall()) for one in statements)


def said(views: Views, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """Do some work and list the statements it consists of, with their values."""
    statements = list[tuple[str, Any]]()

    def note(_c: object, _d: object, statement: str, values: Any, _x: object, many: bool) -> None:  # noqa: ANN401 -- the driver's
        if statement.startswith(("SELECT", "UPDATE")):
            statements.append((statement, values[0] if many else values))

    assert isinstance(views.database, FileDatabase | ServerDatabase)
    sql_event.listen(views.database.engine, "before_cursor_execute", note)
    work()
    sql_event.remove(views.database.engine, "before_cursor_execute", note)
    return statements


def in_a_file(connection: sql.Connection, statement: str, values: Any) -> Iterator[str]:  # noqa: ANN401 -- the driver's
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        yield str(row[3])


def on_a_server(connection: sql.Connection, statement: str, values: Any) -> Iterator[str]:  # noqa: ANN401 -- the driver's
    connection.exec_driver_sql(BY_INDEX)
    (answer,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT json) {statement}", values).scalars()
    return scans(answer[0]["Plan"])


def scans(step: Step) -> Iterator[str]:
    """List the scans of a plan as SQLite would."""
    if "Scan" in step["Node Type"] and "Relation Name" in step:
        verb = "SEARCH" if "Index Cond" in step else "SCAN"
        yield f"{verb} {step['Relation Name']} USING INDEX {step.get('Index Name')}"
    for inner in step.get("Plans", ()):
        yield from scans(inner)
