"""The log on PostgreSQL: its connections and their deadlines, its tables, and who may do what."""
