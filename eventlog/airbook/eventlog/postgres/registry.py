"""The library's tables on PostgreSQL, and ours: numbers, keys, customers, what is parked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import convert
from psycopg import Connection
from psycopg.rows import DictRow

from airbook.eventlog.append import repeated
from airbook.eventlog.postgres.connection import Server
from airbook.eventlog.postgres.pool import NotifyListener
from airbook.eventlog.postgres.reads import PostgresReads
from airbook.eventlog.postgres.schema import complaints
from airbook.eventlog.records import Customer, Key, Parked, Receipt
from airbook.eventlog.rows import CommandRow


class PostgresTables(PostgresReads):
    """The library's tables of events and tracked positions, and our own beside them."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._identity: str | None = None

    @property
    def identity(self) -> str:
        """Tell this log from every other."""
        if self._identity is None:
            self._identity = str(self._all("SELECT id FROM airbook.identity")[0]["id"])
        return self._identity

    def is_gone(self) -> bool:
        """Leave it to the server: what is gone cannot be reached."""
        return False

    def complaints(self) -> Sequence[str]:
        """List what is wrong with the database itself."""
        return self.lend(complaints)

    def repeated(self, key: Key) -> Receipt | None:
        """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
        found = self.lend(lambda connection: find_commands(connection, [key.key]))
        return repeated(key, found.get(key.key))

    def numbers(self) -> Mapping[str, int]:
        """Tell the last number given to each kind."""
        return {row["kind"]: row["last"] for row in self._all("SELECT * FROM airbook.numbers")}

    def tracked(self) -> Mapping[str, int]:
        """Tell how far every follower has come."""
        rows = self._all("SELECT * FROM airbook.notification_tracking")
        return {row["application_name"]: row["notification_id"] for row in rows}

    def commands(self, after: str, limit: int) -> Sequence[CommandRow]:
        """List idempotency keys behind one, in their order."""
        query = "SELECT * FROM airbook.commands WHERE key > %s ORDER BY key LIMIT %s"
        return [CommandRow(**row) for row in self._all(query, after, limit)]

    def customers(self, after: str, limit: int) -> Sequence[Customer]:
        """List customers behind an id, in the order of their ids."""
        query = "SELECT * FROM airbook.customers WHERE id > %s ORDER BY id LIMIT %s"
        return [Customer(**row) for row in self._all(query, after, limit)]

    def customer_ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Find the ids customers' names stand under; a name not known is missing."""
        query = "SELECT * FROM airbook.customers WHERE name = ANY(%s)"
        return {row["name"]: row["id"] for row in self._all(query, list(names))}

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Find the names of customers; one who was forgotten is missing."""
        query = "SELECT * FROM airbook.customers WHERE id = ANY(%s)"
        return {row["id"]: row["name"] for row in self._all(query, list(set(ids)))}

    def customers_named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids of customers whose names begin so, at most `limit`, by name."""
        query = (
            "SELECT id FROM airbook.customers WHERE starts_with(name, %s)"
            ' ORDER BY name COLLATE "C" LIMIT %s'
        )
        return [row["id"] for row in self._all(query, beginning, limit)]

    def parked(self) -> Sequence[Parked]:
        """List what is put aside, by reservation."""
        rows = self._all("SELECT * FROM airbook.parked ORDER BY reservation")
        return convert(rows, list[Parked])

    def mark_parked(self, reservation: int, *, again: bool, dropped: bool) -> bool:
        """Ask for another try, or for none; False if that reservation is not put aside."""
        query = (
            "UPDATE airbook.parked SET again = %s, dropped = %s WHERE reservation = %s RETURNING 1"
        )
        return bool(self._all(query, again, dropped, reservation))

    def describe(self) -> tuple[str, int]:
        """Name the server with its version, and tell how many bytes the store takes."""
        row = self._all(
            "SELECT current_setting('server_version') AS version,"
            " coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace::regnamespace::text LIKE 'airbook%%'"
        )[0]
        return f"PostgreSQL {row['version']}", row["bytes"]

    def wake(self) -> None:
        """Wake whoever listens, here and in other processes."""
        self._all("SELECT pg_notify('airbook', '')")

    def listener(self) -> NotifyListener:
        """Listen for events committed by anybody."""
        return NotifyListener(self.server)

    def checkpoint(self, pages: int) -> None:
        """Do nothing: the server sees to its write-ahead log by itself."""

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()


def find_commands(connection: Connection[DictRow], keys: Sequence[str]) -> dict[str, CommandRow]:
    """Find what some idempotency keys were used for."""
    query = "SELECT * FROM airbook.commands WHERE key = ANY(%s)"
    rows = connection.execute(query, (list(keys),)).fetchall()
    return {row["key"]: CommandRow(**row) for row in rows}
