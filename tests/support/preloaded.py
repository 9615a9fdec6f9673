"""The modules that the fork server of the tests has loaded before it forks a process."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Sequence
from typing import cast

import airbook

LOADED_LATE = (
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "pytest",  # which a forked process imports as the program of its parent
    "tests.support.other_processes",
)

for module in pkgutil.walk_packages(cast("Sequence[str]", airbook.__path__), "airbook."):
    if not module.name.startswith("airbook.tui") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
for name in LOADED_LATE:
    importlib.import_module(name)
gc.freeze()  # so that a collection in a forked process does not copy their memory
