"""The opaque ids of actors: found in the first commit of a name, then read once and cached."""

from __future__ import annotations

import os

from airbook.eventlog.recorder import Names
from airbook.eventlog.records import Actor

MAX_CACHED = 10_000


class ActorIds:
    """Finds the ids of actors in the registry of a log.

    The first commit of a name looks the id up itself, which costs a process with one command no
    query of its own. Later commits get the id from the cache.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._cached: dict[str, str | None] = {}  # None until the stored id is read

    def identify(self, name: str | None) -> Actor | None:
        """Return an actor with the cached id, or with an id to store unless the log has one."""
        if name is None:
            return None
        if len(self._cached) > MAX_CACHED:
            self._cached.clear()
        known = self._cached.get(name)
        if known is None and name in self._cached:
            known = self._names.ids([name]).get(name)
        self._cached[name] = known
        return Actor(known) if known else Actor(f"a{os.urandom(8).hex()}", name)
