"""Gateways and daemons that are killed at random, while many clients reserve under keys."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections import Counter, defaultdict
from contextlib import closing
from functools import partial
from threading import Event, Thread

from tests.faults.company import at_work
from tests.faults.independent_checker import Kept, check
from tests.faults.promises import counts, everything, is_healthy, undecided
from tests.support.home import Home
from tests.support.ports import reserved_port
from tests.support.waiting import until

PATIENCE_SECONDS = 600.0  # a hang: a busy machine needs a minute to start a gateway again
PAUSE_SECONDS = 0.02
SEATS = ("3", "20", "500")
STORED_KEY = "http 2 me {}"  # as the gateway keeps the keys of its only sender, who is called me


class Client:
    """Sends each request until it is acknowledged, and some of them once more.

    numbers: by their keys, the reservations that were acknowledged. statuses: how often each came.
    """

    def __init__(self, name: str, port: int, chance: random.Random) -> None:
        self.numbers = defaultdict[str, set[int]](set)
        self.statuses = Counter[int]()
        self._name, self._port, self._chance = name, port, chance
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the request that runs, and end."""
        self._stopping.set()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        left = list[str]()
        while left or not self._stopping.is_set():
            connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=PATIENCE_SECONDS
            )
            with closing(connection):
                try:
                    while left or not self._stopping.is_set():
                        left = left or self._next()
                        if self._reserve(connection, left[-1]):
                            left.pop()
                except (OSError, http.client.HTTPException):  # the gateway was killed
                    time.sleep(PAUSE_SECONDS)

    def _next(self) -> list[str]:
        """Return a new key as often as its request is to be acknowledged."""
        return [f"{self._name}-{len(self.numbers)}"] * self._chance.choice([1, 1, 1, 2])

    def _reserve(self, connection: http.client.HTTPConnection, key: str) -> bool:
        """Request a seat; return whether the request was acknowledged."""
        body = {"airplane": 1 + sum(map(ord, key)) % len(SEATS), "customer": self._name}
        headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{key}"'}
        connection.request("POST", "/api/v1/reservations", json.dumps(body), headers)
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        self.statuses[reply.status] += 1
        if reply.status == http.client.CREATED:
            self.numbers[key].add(answer["id"])
            return True
        time.sleep(PAUSE_SECONDS)
        return False


def serving_while_killed(home: Home, *, kills: int, seed: int, clients: int = 8) -> int:
    """Kill the gateway and the daemon, `kills` times; return how many requests were acknowledged.

    Each acknowledged request is in the log, and each key made one reservation.
    """
    print(f"seed {seed}")
    chance = random.Random(seed)
    for seats in SEATS:
        assert home.here("admin", "add-plane", "--seats", seats).code == 0
    with reserved_port() as port:
        roles = {
            "gateway": partial(home.start, "serve", "--port", str(port)),
            "daemon": partial(home.start, "daemon"),
        }
        with at_work(home, roles) as company:
            load = [Client(f"client{n}", port, random.Random(seed + n)) for n in range(clients)]
            try:
                for _ in range(kills):
                    await_more(load)
                    time.sleep(chance.uniform(0, 0.5))
                    name = chance.choice(sorted(roles))
                    print(f"{name} is killed")
                    company.kill(name)
                    company.restart(name)
            finally:
                for client in load:
                    client.stop()
            until(lambda: undecided(everything(home)) == 0, "all to be decided", PATIENCE_SECONDS)
            for name in roles:
                company.dismiss(name)
    return each_key_made_one_reservation(home, load)


def await_more(load: list[Client]) -> None:
    """Wait until one more request is acknowledged."""
    before = acknowledgements(load)
    until(lambda: acknowledgements(load) > before, "an acknowledged request", PATIENCE_SECONDS)


def acknowledgements(load: list[Client]) -> int:
    return sum(client.statuses[http.client.CREATED] for client in load)


def each_key_made_one_reservation(home: Home, load: list[Client]) -> int:
    """Check what the clients were told against the log; return the number of their keys."""
    statuses = {status for client in load for status in client.statuses}
    assert statuses <= {201, 409, 503}  # 409: the first request with the key still runs
    numbers = {key: found for client in load for key, found in client.numbers.items()}
    assert {key: found for key, found in numbers.items() if len(found) != 1} == {}
    kept = {
        Kept(f"reservation-{number}", "ReservationRequested", key=STORED_KEY.format(key))
        for key, found in numbers.items()
        for number in found
    }
    assert len({one.stream for one in kept}) == len(numbers) > 0
    assert counts(home)["ReservationRequested"] == len(numbers)
    assert check(home.url or home.store, kept).problems == []
    is_healthy(home)
    return len(numbers)
