"""The checkpoints of the read models, which stand in the same database as their tables."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct

CHECKPOINTS = sql.Table(
    "checkpoints",
    sql.MetaData(),
    sql.Column("view", sql.String, primary_key=True),
    sql.Column("position", sql.BigInteger, nullable=False),
    sql.Column("schema", sql.String, nullable=False),
    sql.Column("log", sql.String, nullable=False),
)

SELECT = sql.select(CHECKPOINTS)
MOVE = (
    sql.update(CHECKPOINTS)
    .where(
        CHECKPOINTS.c.view == sql.bindparam("name"),
        CHECKPOINTS.c.position == sql.bindparam("before"),
    )
    .values(position=sql.bindparam("after"))
)


class ViewCheckpoint(Struct, frozen=True):
    """The checkpoint of one table of the views.

    view: the name of the table. position: the log position of the last event applied. schema: the
    schema of the read model that filled the table. log: the identity of the log.
    """

    view: str
    position: int
    schema: str
    log: str


def checkpoints(connection: sql.Connection) -> list[ViewCheckpoint]:
    """List every checkpoint, also those of shadow tables."""
    return [ViewCheckpoint(*row) for row in connection.execute(SELECT)]
