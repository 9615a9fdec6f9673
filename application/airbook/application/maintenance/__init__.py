"""Maintenance: checking a store, and copying its log to another store."""
