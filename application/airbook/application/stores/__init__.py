"""The two kinds of store: files on one machine, and a database of a PostgreSQL server."""
