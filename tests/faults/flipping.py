"""Flipping single bits of stored events in the file of a log, and what the doctor says."""

from __future__ import annotations

from pathlib import Path
from random import Random

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.domain.airplane import CreateAirplane
from tests.support.home import Home
from tests.support.stores import open_log

CUSTOMERS = 150


def made(folder: Path) -> Home:
    """Make a home with some hundred events, decided, with views, and the log all in one file."""
    home = Home(folder)
    with Airbook(home.kept) as airbook:
        airbook.create_if_missing()
        airbook.execute(CreateAirplane(50, "좌석"))
        orders = [
            Order(Reserve(1, f"customer {one}"), key=f"key {one}" if one % 3 else None)
            for one in range(CUSTOMERS)
        ]
        airbook.execute_all(orders[:70])
        for order in orders[70:]:
            airbook.execute_all([order])
    assert home.run("daemon", "--until-idle").code == 0
    assert home.here("doctor").code == 0
    return home


def payloads(home: Home) -> list[tuple[int, int]]:
    """Return where stream, version, type and contents of events lie: offset and length."""
    contents, found = home.store.read_bytes(), list[tuple[int, int]]()
    with open_log(home.store) as log:
        rows = log.rows_after(0, 10_000)
    for row in rows:
        # A record holds its columns one after another; the version 1 takes no byte.
        size = 0 if row.version == 1 else 1 if row.version < 128 else 2
        version = row.version.to_bytes(size, "big") if size else b""
        record = row.stream.encode() + version + row.topic.encode() + row.state
        assert record in contents, row
        found.append((contents.find(record), len(record)))
    return found


def unnoticed_flips(home: Home, folder: Path, times: int, random: Random) -> list[str]:
    """Flip one bit of one event, many times on new copies; list the flips the doctor overlooks."""
    places, unnoticed = payloads(home), list[str]()
    for time in range(times):
        copy = home.copy(folder / str(time))
        offset, length = random.choice(places)
        at, bit = offset + random.randrange(length), random.randrange(8)
        contents = bytearray(copy.store.read_bytes())
        contents[at] ^= 1 << bit
        copy.store.write_bytes(contents)
        for views in ("with", "without"):
            if views == "without":
                copy.views.unlink()
            done = copy.here("doctor")
            if done.code != 8 or "Traceback" in done.err:
                unnoticed.append(f"byte {at}, bit {bit}, {views} views: {done}")
    return unnoticed
