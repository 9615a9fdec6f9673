"""Runs every benchmark, as `make bench` does, or some: `python -m benchmarks latency …`."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys

from benchmarks.gateway import gateway
from benchmarks.latency import latency
from benchmarks.looking_back import looking_back
from benchmarks.rebuilding import rebuilding
from benchmarks.report import tell
from benchmarks.screens import decision_to_cell, first_paint, idling, memory
from benchmarks.server import on_a_server
from benchmarks.starting import starting
from benchmarks.writing import deciding, reserving

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # programs start from compiled modules
print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {sys.platform}\n")
WHOLE = {
    measured.__name__: measured
    for measured in (
        *(starting, reserving, deciding, latency, rebuilding, on_a_server),
        *(first_paint, decision_to_cell, looking_back, memory, idling),
        gateway,
    )
}
for name in sys.argv[1:] or WHOLE:
    tell(WHOLE[name]())
