"""The append-only log of events: how they are stored, appended, read and followed."""
