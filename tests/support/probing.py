"""Asking a program for its health over HTTP, as a probe does."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

SECONDS = 2.0


class Probed(NamedTuple):
    """An answer: its code, its headers in small letters, and its body."""

    code: int
    headers: Mapping[str, str]
    body: str

    @property
    def document(self) -> Any:  # noqa: ANN401 -- JSON
        return json.loads(self.body)


def probe(
    port: int, path: str, method: str = "GET", *, seconds: float = SECONDS, **headers: str
) -> Probed | None:
    """Ask for a path; returns None if nobody answers in time, as for a probe that fails."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Probed(answer.status, names, answer.read().decode())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
