"""The checkpoints of the read models, which stand in the same database as their tables."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sql
from msgspec import Struct

from airbook.eventlog.errors import check_types

UNKNOWN = "?"  # what an older airbook did not keep
ADDED = ("digest", "version")
CHECKPOINTS = sql.Table(
    "checkpoints",
    sql.MetaData(),
    sql.Column("view", sql.String, primary_key=True),
    sql.Column("position", sql.BigInteger, nullable=False),
    sql.Column("schema", sql.String, nullable=False),
    sql.Column("log", sql.String, nullable=False),
    sql.Column("digest", sql.String, nullable=False, server_default=UNKNOWN),
    sql.Column("version", sql.String, nullable=False, server_default=UNKNOWN),
)

SELECT = sql.select(CHECKPOINTS)
MOVE = (
    sql.update(CHECKPOINTS)
    .where(
        CHECKPOINTS.c.view == sql.bindparam("name"),
        CHECKPOINTS.c.position == sql.bindparam("before"),
    )
    .values(position=sql.bindparam("after"), digest=sql.bindparam("digest_after"))
)


class ViewCheckpoint(Struct, frozen=True):
    """The checkpoint of one table of the views.

    view: the name of the table. position: the log position of the last event applied. schema: the
    schema of the read model that filled the table. log: the identity of the log. digest: the log's
    digest at that position; "" at position 0, and while no digest covers the position. version: of
    the airbook that made the table.
    """

    view: str
    position: int
    schema: str
    log: str
    digest: str
    version: str


def checkpoints(connection: sql.Connection) -> list[ViewCheckpoint]:
    """List every checkpoint, also those of shadow tables."""
    rows = connection.execute(SELECT).fetchall()
    check_types(rows, (str, int, str, str, str, str))
    return [ViewCheckpoint(*row) for row in rows]


def is_ready(connection: sql.Connection) -> bool:
    """Return whether the table of checkpoints exists, with every column."""
    return sql.inspect(connection).has_table(CHECKPOINTS.name) and not missing(connection)


def missing(connection: sql.Connection) -> Sequence[str]:
    """List the columns that the table of checkpoints does not have."""
    columns = {column["name"] for column in sql.inspect(connection).get_columns(CHECKPOINTS.name)}
    return [name for name in ADDED if name not in columns]


def create(connection: sql.Connection) -> None:
    """Create the table of checkpoints, or add the columns that an older airbook did not have.

    No log has a digest that is UNKNOWN, so that the views are rebuilt once.
    """
    CHECKPOINTS.create(connection, checkfirst=True)
    for name in missing(connection):
        column = f"{name} VARCHAR NOT NULL DEFAULT '{UNKNOWN}'"
        connection.exec_driver_sql(f"ALTER TABLE {CHECKPOINTS.name} ADD COLUMN {column}")
