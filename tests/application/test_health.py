"""Health in the shapes of Spring's actuator: statuses, components, groups, codes and types."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from airbook.application.observability.health import Health, HealthChecks, Status


class Checked:
    """Two components; made: the checks that were made, in their order."""

    def __init__(self, store: Status = "UP", loop: Status = "UP") -> None:
        self.made = list[str]()
        statuses: dict[str, Status] = {"store": store, "loop": loop}
        self.checks = HealthChecks(
            {name: self._check(name, status) for name, status in statuses.items()},
            {"readiness": ("store", "loop"), "liveness": ("loop",)},
        )

    def _check(self, name: str, status: Status) -> Callable[[], Health]:
        def check() -> Health:
            self.made.append(name)
            return Health(status, details=None if status == "UP" else {"waits_for": name})

        return check


def asked(checked: Checked, path: str, accept: str = "*/*") -> tuple[int, str, object] | None:
    answer = checked.checks.answer(path, accept)
    return answer and (answer.code, answer.media_type, json.loads(answer.body))


SPRING = "application/vnd.spring-boot.actuator.v3+json"


def test_all_components_and_the_names_of_the_groups() -> None:
    assert asked(Checked(), "/actuator/health") == (
        200,
        SPRING,
        {
            "status": "UP",
            "components": {"store": {"status": "UP"}, "loop": {"status": "UP"}},
            "groups": ["liveness", "readiness"],
        },
    )


def test_a_component_that_is_down_takes_all_down_and_says_what_it_waits_for() -> None:
    assert asked(Checked(store="DOWN"), "/actuator/health/", "application/json") == (
        503,
        "application/json",
        {
            "status": "DOWN",
            "components": {
                "store": {"status": "DOWN", "details": {"waits_for": "store"}},
                "loop": {"status": "UP"},
            },
            "groups": ["liveness", "readiness"],
        },
    )


def test_a_group_makes_no_check_of_others() -> None:
    checked = Checked(store="DOWN")
    up = {"status": "UP", "components": {"loop": {"status": "UP"}}}
    assert asked(checked, "/actuator/health/liveness") == (200, SPRING, up)
    assert checked.made == ["loop"]


def test_one_component() -> None:
    down = {"status": "DOWN", "details": {"waits_for": "store"}}
    assert asked(Checked(store="DOWN"), "/actuator/health/store") == (503, SPRING, down)


@pytest.mark.parametrize(
    ("store", "loop", "status"),
    [
        ("UP", "OUT_OF_SERVICE", "OUT_OF_SERVICE"),
        ("DOWN", "OUT_OF_SERVICE", "DOWN"),
        ("OUT_OF_SERVICE", "DOWN", "DOWN"),
        ("UP", "UP", "UP"),
    ],
)
def test_the_worst_status_is_that_of_all(store: Status, loop: Status, status: Status) -> None:
    found = Checked(store, loop).checks.health("readiness")
    assert found is not None
    assert found.status == status


@pytest.mark.parametrize(
    "path",
    ["/", "/health", "/actuator", "/actuator/healthy", "/x/actuator/health", "/actuator/health/x"],
)
def test_another_path_is_no_health(path: str) -> None:
    assert asked(Checked(), path) is None
