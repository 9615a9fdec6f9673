"""Whatever happened, each view shows every moment as it was, and the present costs no more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sql
from hypothesis import given, settings, strategies
from sqlalchemy import event

from airbook.projections.airplanes import airplane_row, airplanes
from airbook.projections.history import history
from airbook.projections.rebuild import rebuild
from airbook.projections.remembering import true_at
from airbook.projections.reservations import reservation_row, reservations
from airbook.projections.totals import totals
from airbook.projections.views import VIEWS, View, Views
from tests.pages import (
    Row,
    catch_up,
    from_the_log,
    given_story,
    open_views,
    remembered,
    whole_tables,
)
from tests.stores import open_log
from tests.stories import STORIES
from tests.words import FIVE_SEATS_SIX_CUSTOMERS, Told, record


def rows_at(views: Views, view: View, position: int | None) -> list[Row]:
    """Read what was true at a position, without saying since when and until when it was."""
    query = sql.select(view.table).where(true_at(view.table, position))
    with views.reading() as connection:
        found = connection.execute(query.order_by(view.table.columns[0]))
        return [tuple(row)[:-2] for row in found]


@settings(max_examples=15)
@given(story=STORIES, limit=strategies.integers(1, 20))
def test_each_view_shows_at_every_position_what_the_facts_until_then_add_up_to(
    tmp_path_factory: pytest.TempPathFactory, story: tuple[Told, ...], limit: int
) -> None:
    folder = tmp_path_factory.mktemp("story")
    with open_log(folder / "log") as log, open_views(log, folder / "views") as views:
        head = record(log, *story)
        catch_up(views, limit)
        for view in VIEWS.values():
            for position in range(head + 1):
                held = remembered(view, log.after(0)[:position])
                then = [row[:-2] for row in held if row[-1] is None]
                assert rows_at(views, view, position) == then
            assert rows_at(views, view, None) == rows_at(views, view, head)
        assert whole_tables(views) == from_the_log(views)


PRESENT: tuple[tuple[Callable[[sql.Connection], Any], str], ...] = (
    (partial(airplane_row, number=1), "SEARCH airplanes USING INDEX airplanes_now"),
    (airplanes, "SCAN airplanes USING INDEX airplanes_now"),
    (partial(reservation_row, number=3), "SEARCH reservations USING INDEX reservations_now"),
    (
        partial(reservations, customer="customer 3"),
        "SEARCH reservations USING INDEX reservations_customer",
    ),
    (
        partial(reservations, status="approved"),
        "SEARCH reservations USING INDEX reservations_status",
    ),
    (partial(reservations, limit=20), "SCAN reservations USING INDEX reservations_now"),
    (partial(history, reservation=3), "SEARCH history USING INDEX history_reservation"),
    (totals, "SCAN totals USING INDEX totals_now"),
)


def plans(views: Views, work: Callable[[], object]) -> list[str]:
    """Do some work and list how SQLite finds the rows of every statement it consists of."""
    statements = list[tuple[str, Any]]()

    def note(_c: object, _d: object, statement: str, values: Any, _x: object, many: bool) -> None:  # noqa: ANN401
        if statement.startswith(("SELECT", "UPDATE")):
            statements.append((statement, values[0] if many else values))

    event.listen(views.engine, "before_cursor_execute", note)
    work()
    event.remove(views.engine, "before_cursor_execute", note)
    with views.reading() as connection:
        return [
            str(step[3])
            for statement, values in statements
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


@pytest.mark.parametrize("rebuilt", [False, True], ids=["live", "rebuilt"])
@pytest.mark.parametrize(("query", "plan"), PRESENT)
def test_the_present_is_found_by_an_index_that_knows_no_past(
    views: Views, query: Callable[[sql.Connection], Any], plan: str, rebuilt: bool
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    if rebuilt:
        list(rebuild(views, list(VIEWS.values())))
    with views.reading() as connection:
        (found, *_) = plans(views, partial(query, connection))
    assert found.startswith(plan)


def test_applying_facts_looks_at_no_row_of_the_past(views: Views) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    steps = plans(views, partial(catch_up, views, 5))
    tables = {step.split()[1] for step in steps}
    assert {"airplanes", "reservations", "totals"} <= tables <= {*VIEWS, "checkpoints"}
    for name in tables - {"checkpoints"}:
        for step in steps:
            if step.split()[1] == name:
                assert step.startswith(f"SEARCH {name} USING INDEX {name}_now")
