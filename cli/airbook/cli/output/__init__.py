"""Printing: tables, documents, errors and progress."""
