"""Clients that reserve under keys and read, and remember what they were told."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from tests.faults.independent_checker import Kept

ANSWER_SECONDS = 10.0
PAUSE_SECONDS = 0.05
DRAIN_SECONDS = 120.0
STORED_KEY = "http 7 airbook {}"  # as the gateway keeps the keys of the actor in the ConfigMap
ACCEPTING, READING = "accepting", "reading"
FAILED = 0  # in the place of a status: no answer came


class Client:
    """Sends one request after another on connections of its own.

    answered: how often each status came. kept: what was acknowledged.
    """

    def __init__(self, name: str, port: int, airplane: int, kind: str) -> None:
        self.kind = kind
        self.answered = Counter[int]()
        self.kept = dict[str, Kept]()
        self._name, self._port, self._airplane = name, port, airplane
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the request that runs."""
        self._stopping.set()

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join(DRAIN_SECONDS)
        assert not self._thread.is_alive(), f"{self._name} does not end"

    def _run(self) -> None:
        for number in count():
            key = f"{self._name}-{number}"
            while not self._once(key):
                if self._stopping.is_set():
                    return
                time.sleep(PAUSE_SECONDS)
            if self._stopping.is_set():
                return
            time.sleep(PAUSE_SECONDS)

    def _once(self, key: str) -> bool:
        """Send a request; return whether it need not be sent again."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        try:
            status, body = self._ask(connection, key)
        except (OSError, http.client.HTTPException):
            self.answered[FAILED] += 1
            return self.kind == READING
        finally:
            connection.close()
        self.answered[status] += 1
        if status == http.client.CREATED:
            stream = f"reservation-{json.loads(body)['id']}"
            self.kept[key] = Kept(stream, "ReservationRequested", key=STORED_KEY.format(key))
        return self.kind == READING or status == http.client.CREATED

    def _ask(self, connection: http.client.HTTPConnection, key: str) -> tuple[int, bytes]:
        if self.kind == READING:
            connection.request("GET", f"/api/v1/airplanes/{self._airplane}")
        else:
            body = json.dumps({"airplane": self._airplane, "customer": "kim"})
            headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{key}"'}
            connection.request("POST", "/api/v1/reservations", body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()


@contextmanager
def crowd(port: int, airplane: int, reserving: int, reading: int) -> Generator[Sequence[Client]]:
    """Let clients send requests for the duration of a block."""
    kinds = [ACCEPTING] * reserving + [READING] * reading
    clients = [Client(f"client{n}", port, airplane, kind) for n, kind in enumerate(kinds)]
    try:
        yield clients
    finally:
        for one in clients:
            one.stop()
        for one in clients:
            one.join()


def acknowledged(clients: Sequence[Client]) -> list[Kept]:
    """Return what the clients were told."""
    return [kept for one in clients for kept in one.kept.values()]


def availability(answers: Iterable[Counter[int]]) -> tuple[float, int]:
    """Return how many of a hundred requests were served, and how many were sent."""
    answered = sum(answers, Counter[int]())
    sent = answered.total()
    failed = sum(times for status, times in answered.items() if status == FAILED or status >= 500)
    return 100 * (sent - failed) / sent, sent
