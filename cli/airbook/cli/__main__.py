"""The entry point of `python -m airbook.cli`, which does the same as `airbook`."""

from airbook.cli.start import run

run()
