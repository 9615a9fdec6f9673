"""A process that reserves a given number of times after a line on standard input."""

from __future__ import annotations

import sys

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.postgres import PostgresStore

if __name__ == "__main__":
    url, times = sys.argv[1:]
    with Airbook(PostgresStore(url)) as airbook:
        airbook.execute(Reserve(1, "kim"))
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(int(times)):
            airbook.execute(Reserve(1, "kim"))
        print("done", flush=True)
