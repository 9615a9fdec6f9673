"""Query plans, in the words of SQLite on both databases: SEARCH airplanes USING INDEX …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event as sql_event

from airbook.projections.postgres import PostgresDatabase
from airbook.projections.sqlite import SQLiteDatabase
from airbook.projections.store import Views

# PostgreSQL reads a small table whole; these settings show how it would read a large one.
PREFER_INDEXES = (
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
)
Step = dict[str, Any]
OF_SCHEMA = re.compile(r"_[0-9a-f]{8}\b")  # the end of the names of tables and indexes


def plans(views: Views, work: Callable[[], object]) -> list[str]:
    """Do some work; list the plan steps of all its statements that find rows."""
    statements = statements_of(views, work)
    if isinstance(views.database, PostgresDatabase):
        with views.writing() as connection:
            connection.exec_driver_sql("ANALYZE")  # autovacuum does so, but later
    plan_of = sqlite_plan if isinstance(views.database, SQLiteDatabase) else postgres_plan
    with views.reading() as connection:
        steps = [step for one in statements for step in plan_of(connection, *one)]
    return [OF_SCHEMA.sub("", step) for step in steps]


def rows_read(views: Views, work: Callable[[], object]) -> int:
    """Do some work; count the rows that its statements return."""
    statements = statements_of(views, work)
    with views.reading() as connection:
        return sum(len(connection.exec_driver_sql(*one).fetchall()) for one in statements)


def statements_of(views: Views, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """Do some work; list its queries and updates, with their parameters."""
    statements = list[tuple[str, Any]]()

    def note(_c: object, _d: object, statement: str, values: Any, _x: object, many: bool) -> None:  # noqa: ANN401 -- the driver's
        if statement.startswith(("SELECT", "UPDATE")):
            statements.append((statement, values[0] if many else values))

    assert isinstance(views.database, SQLiteDatabase | PostgresDatabase)
    sql_event.listen(views.database.engine, "before_cursor_execute", note)
    work()
    sql_event.remove(views.database.engine, "before_cursor_execute", note)
    return statements


def sqlite_plan(connection: sql.Connection, statement: str, values: Any) -> Iterator[str]:  # noqa: ANN401 -- the driver's
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        yield str(row[3])


def postgres_plan(connection: sql.Connection, statement: str, values: Any) -> Iterator[str]:  # noqa: ANN401 -- the driver's
    connection.exec_driver_sql(PREFER_INDEXES)
    (answer,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT json) {statement}", values).scalars()
    return scans(answer[0]["Plan"])


def scans(step: Step) -> Iterator[str]:
    """List the scans of a PostgreSQL plan in the words of SQLite."""
    if "Scan" in step["Node Type"] and "Relation Name" in step:
        verb = "SEARCH" if "Index Cond" in step else "SCAN"
        yield f"{verb} {step['Relation Name']} USING INDEX {step.get('Index Name')}"
    for inner in step.get("Plans", ()):
        yield from scans(inner)
