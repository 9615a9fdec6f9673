"""Point 6: the log level of the ConfigMap, DEBUG and back, without a restart."""

from __future__ import annotations

import time
from functools import partial

from tests.rehearsal.report import Notes
from tests.rehearsal.stage import GATEWAYS, Stage
from tests.rehearsal.waiting import until

SETTINGS = "configmap/airbook"
BOUND = 10.0  # seconds
CONTAINERS = ("gateway", "daemon")


def play(stage: Stage, notes: Notes) -> None:
    """Change the level twice; each container says so in its log, and goes on."""
    [before] = stage.cluster.pods("gateway")
    for level in ("debug", "info"):
        text = stage.cluster.document("get", SETTINGS)["data"]["airbook.toml"]
        other = "info" if level == "debug" else "debug"
        assert f'log_level = "{other}"' in text, text
        said = {one: changes(stage, one) for one in CONTAINERS}
        changed = text.replace(f'log_level = "{other}"', f'log_level = "{level}"')
        begun = time.monotonic()
        stage.cluster.patch(SETTINGS, {"data": {"airbook.toml": changed}})
        stage.cluster("annotate", "pod", before.name, f"settings={time.time()}", "--overwrite")
        for container, times in said.items():
            is_said = partial(has_changed, stage, container, times)
            until(is_said, f"{container} to log its level", BOUND)
        notes.figure(
            f"{level} in the log of {' and '.join(CONTAINERS)} after",
            f"{time.monotonic() - begun:.1f} s",
        )
    assert stage.cluster.pods("gateway") == [before], "a container was restarted"
    notes.figure("restarts", before.restarts)
    shown = stage.airbook("config", "show")
    line = next(one for one in shown.splitlines() if one.startswith("log_level"))
    notes.figure("`airbook config show` in the pod", f"`{' '.join(line.split())}`")


def has_changed(stage: Stage, container: str, times: int) -> bool:
    """Return whether a container has logged a change of its level more than so many times."""
    return changes(stage, container) > times


def changes(stage: Stage, container: str) -> int:
    """Return how often a container has logged that its level changed."""
    where = (f"deployment/{GATEWAYS}", "--container", container)
    return stage.cluster("logs", *where).count("log_level_changed")
