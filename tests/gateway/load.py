"""Clients that send requests to a gateway one after another, and note what it acknowledges."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from threading import Event, Thread

from tests.gateway.server import SECONDS, Address
from tests.support.home import Home
from tests.support.waiting import until

BODY = json.dumps({"airPlaneId": 1}).encode()
HEADERS = {"Content-Type": "application/json"}


class Client:
    """One client. acknowledged: numbers of reservations. statuses: how often each came."""

    def __init__(self, gateway: Address) -> None:
        self.acknowledged = list[int]()
        self.statuses = Counter[int]()
        self._gateway = gateway
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the request that runs, and end."""
        self._stopping.set()
        self._thread.join(SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            connection = http.client.HTTPConnection(
                "127.0.0.1", self._gateway.port, timeout=SECONDS
            )
            with closing(connection):
                try:
                    while not self._stopping.is_set():
                        self._reserve(connection)
                except (OSError, http.client.HTTPException):  # refused, or ended in the middle
                    self._stopping.wait(0.02)

    def _reserve(self, connection: http.client.HTTPConnection) -> None:
        connection.request("POST", "/reservations", BODY, HEADERS)
        reply = connection.getresponse()
        reply.read()
        self.statuses[reply.status] += 1
        if location := reply.getheader("location"):
            self.acknowledged.append(int(location.rpartition("/")[2]))


class Load:
    """Several clients at once."""

    def __init__(self, clients: list[Client]) -> None:
        self.clients = clients

    def acknowledged(self) -> list[int]:
        """List the numbers of all reservations that were acknowledged."""
        return [number for client in self.clients for number in client.acknowledged]

    def statuses(self) -> set[int]:
        """Return every status that came."""
        return {status for client in self.clients for status in client.statuses}

    def await_more(self, count: int = 20) -> None:
        """Wait until so many more reservations are acknowledged."""
        enough = len(self.acknowledged()) + count
        until(lambda: len(self.acknowledged()) >= enough, f"{count} more reservations")


@contextmanager
def loading(gateway: Address, clients: int = 8) -> Generator[Load]:
    """Reserve with several clients for the duration of a block."""
    load = Load([Client(gateway) for _ in range(clients)])
    try:
        yield load
    finally:
        for client in load.clients:
            client.stop()


def check_all_kept(home: Home, load: Load) -> None:
    """Check that each acknowledged reservation is in the log once, and that the log is whole."""
    acknowledged = load.acknowledged()
    assert len(acknowledged) == len(set(acknowledged)) > 0
    events = home.json("events")
    requested = [
        int(one["stream"].rpartition("-")[2])
        for one in events
        if one["type"] == "ReservationRequested"
    ]
    assert len(requested) == len(set(requested))
    assert set(acknowledged) <= set(requested)
    answer = home("doctor")
    assert answer.code == 0, answer
