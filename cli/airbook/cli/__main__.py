"""Lets `python -m airbook.cli` do what `airbook` does."""

from airbook.cli.start import run

run()
