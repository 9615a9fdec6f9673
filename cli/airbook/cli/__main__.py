"""Lets `python -m airbook.cli` do what `airbook` does."""

from airbook.cli.main import run

run()
