"""`make bench`: every figure, in one run."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys

from benchmarks.latency import latency
from benchmarks.rebuilding import rebuilding
from benchmarks.report import tell
from benchmarks.server import on_a_server
from benchmarks.starting import starting
from benchmarks.writing import deciding, reserving

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the second start of a program is what counts
print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {sys.platform}\n")
for measured in (starting, reserving, deciding, latency, rebuilding, on_a_server):
    tell(measured())
