"""The read models, and how they catch up with the log, are rebuilt and are queried."""
