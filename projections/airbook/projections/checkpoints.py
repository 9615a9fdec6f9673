"""How far each view has come, kept in the same database as the views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sql
from msgspec import Struct
from sqlalchemy import event as sql_event

BUSY_SECONDS = 5.0

CHECKPOINTS = sql.Table(
    "checkpoints",
    sql.MetaData(),
    sql.Column("view", sql.String, primary_key=True),
    sql.Column("position", sql.Integer, nullable=False),
    sql.Column("schema", sql.String, nullable=False),
    sql.Column("log", sql.String, nullable=False),
)

READ = sql.select(CHECKPOINTS)
MOVE = (
    sql.update(CHECKPOINTS)
    .where(
        CHECKPOINTS.c.view == sql.bindparam("name"),
        CHECKPOINTS.c.position == sql.bindparam("before"),
    )
    .values(position=sql.bindparam("after"))
)


class Checkpoint(Struct, frozen=True):
    """How far a view has come, in which schema, along which log (its identity)."""

    view: str
    position: int
    schema: str
    log: str


def checkpoints(connection: sql.Connection) -> list[Checkpoint]:
    """Read every checkpoint, those of views being rebuilt among them."""
    return [Checkpoint(*row) for row in connection.execute(READ)]


def connect(path: Path) -> sql.Engine:
    """Open the views' file: rebuildable, so a commit need not wait for the disk."""
    url = sql.URL.create("sqlite", database=str(path))  # not parsed: a path may hold ? and %
    engine = sql.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, poolclass=sql.QueuePool)

    @sql_event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:  # noqa: ANN401 -- the driver's
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # in WAL mode: never damaged, only older

    @sql_event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
