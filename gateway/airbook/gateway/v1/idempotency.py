"""The Idempotency-Key header: a command is executed once, however often it is sent.

The header is that of draft-ietf-httpapi-idempotency-key-header. The store keeps the key with the
command, in the same commit, so it holds in every process and after every restart.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from litestar import Request
from litestar.datastructures import Headers

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.text.terminal import shown
from airbook.domain.refusal import Refused
from airbook.gateway.identity import Identity
from airbook.gateway.problems import Problem

QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')  # a string of structured fields, RFC 9651
BARE = re.compile(r"[^\",;\s]+")


def key_of(headers: Headers) -> str | None:
    """Parse the key of a request: a string in quotes, or a word without. Raises Mistyped."""
    text = headers.get("idempotency-key")
    if text is None:
        return None
    if quoted := QUOTED.fullmatch(text.strip()):
        return parsing.name(re.sub(r"\\(.)", r"\1", quoted[1]))
    if not BARE.fullmatch(text.strip()):
        sentence = mark('{word} is not an idempotency key like "order-4711".')
        parsing.refuse(sentence, word=shown(text))
    return parsing.name(text.strip())


class RunningKeys:
    """The keys of the commands that this process is executing."""

    def __init__(self) -> None:
        self._running = set[str]()

    @contextmanager
    def running(self, identity: Identity, key: str | None) -> Generator[str | None]:
        """Hold a key while its command is executed; yields the key under which the store keeps it.

        Each sender has keys of their own: nobody finds out, or blocks, the keys of another. Raises
        Problem (409) if the same key is held already, and Refused (key_reused).
        """
        if key is None:
            yield None
            return
        # The length keeps "a" with the key "b c" apart from "a b" with the key "c".
        stored = f"http {len(identity.subject)} {identity.subject} {key}"
        if stored in self._running:
            sentence = mark("The request with the key {key} is still running: repeat it later.")
            raise Problem(409, "key_running", sentence, {"key": key}, headers={"Retry-After": "1"})
        self._running.add(stored)
        try:
            yield stored
        except Refused as refusal:
            raise (Refused.key_reused(key) if refusal.code == "key_reused" else refusal) from None
        finally:
            self._running.discard(stored)


def running_key(request: Request[Identity, Any, Any]) -> AbstractContextManager[str | None]:
    """Hold the key of a request, as `RunningKeys.running` does. Raises Mistyped too."""
    keys: RunningKeys = request.app.state.running_keys
    return keys.running(request.user, key_of(request.headers))
