"""How far each view has come, kept in the same database as the views."""

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

READ = sql.select(CHECKPOINTS)
MOVE = (
    sql.update(CHECKPOINTS)
    .where(
        CHECKPOINTS.c.view == sql.bindparam("name"),
        CHECKPOINTS.c.position == sql.bindparam("before"),
    )
    .values(position=sql.bindparam("after"))
)


class ViewCheckpoint(Struct, frozen=True):
    """How far a view has come, in which schema, along which log (its identity)."""

    view: str
    position: int
    schema: str
    log: str


def checkpoints(connection: sql.Connection) -> list[ViewCheckpoint]:
    """Read every checkpoint, those of views being rebuilt among them."""
    return [ViewCheckpoint(*row) for row in connection.execute(READ)]
