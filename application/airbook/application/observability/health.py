"""Health as Spring's actuator reports it: a status, and the components that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct, json

Status = Literal["UP", "DOWN", "OUT_OF_SERVICE"]
WORST_FIRST: Sequence[Status] = ("DOWN", "OUT_OF_SERVICE", "UP")
PATH = "/actuator/health"
# Spring Boot answers with this type, and with plain JSON where a client asks for JSON.
MEDIA_TYPE = "application/vnd.spring-boot.actuator.v3+json"
JSON_TYPE = "application/json"


class Health(Struct, frozen=True, omit_defaults=True):
    """The health of a process, or of one of its components.

    details: what an operator wants to know. groups: the names of the groups of the whole process.
    """

    status: Status
    components: Mapping[str, Health] | None = None
    details: Mapping[str, object] | None = None
    groups: Sequence[str] | None = None


class Answer(NamedTuple):
    """The answer to a request for a health: its code, its media type and its JSON."""

    code: int
    media_type: str
    body: bytes


class HealthChecks(Struct, frozen=True):
    """The checks of one process, by the name of the component.

    groups: the components of each group: liveness, and readiness. Only the checks that a request
    needs are made.
    """

    checks: Mapping[str, Callable[[], Health]]
    groups: Mapping[str, Sequence[str]]

    def health(self, name: str = "") -> Health | None:
        """Return the health of all, of a group or of a component; None for another name."""
        if not name:
            return self._combined(self.checks, tuple(sorted(self.groups)))
        if name in self.groups:
            return self._combined(self.groups[name])
        return self.checks[name]() if name in self.checks else None

    def _combined(self, names: Iterable[str], groups: Sequence[str] | None = None) -> Health:
        components = {name: self.checks[name]() for name in names}
        return Health(worst(one.status for one in components.values()), components, None, groups)

    def answer(self, path: str, accept: str = "") -> Answer | None:
        """Answer a request; None if the path is no health of this process.

        accept: the media types that the client accepts, as the header names them.
        """
        before, slash, name = path.removesuffix("/").partition(f"{PATH}/")
        if before not in {"", PATH} or (before == PATH) == bool(slash):
            return None
        found = self.health(name)
        if found is None:
            return None
        media_type = JSON_TYPE if JSON_TYPE in accept else MEDIA_TYPE
        return Answer(200 if found.status == "UP" else 503, media_type, json.encode(found))


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of some statuses; UP if there is none."""
    found = set(statuses)
    for status in WORST_FIRST:
        if status in found:
            return status
    return "UP"
