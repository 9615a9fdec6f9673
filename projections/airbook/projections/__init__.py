"""The read models, one file each, and how they catch up with the log and are rebuilt."""
