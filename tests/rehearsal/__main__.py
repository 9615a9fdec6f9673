"""`make rehearsal`: play the points on the cluster that kubectl points at, and write the report."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.containers.engine import NoEngineError
from tests.rehearsal import lengths
from tests.rehearsal.cluster import Cluster, RefusedError
from tests.rehearsal.loading import Images, images
from tests.rehearsal.points import (
    boundaries,
    chaos,
    liveness,
    monitoring,
    rollout,
    scale_out,
    settings,
    volume,
    walkthrough,
)
from tests.rehearsal.report import (
    FAILED,
    NOT_PLAYED,
    PASSED,
    Notes,
    NotPossibleError,
    Played,
    page,
    today,
)
from tests.rehearsal.stage import AIR, Stage, staged

ROOT = Path(__file__).parents[2]
PAGE, PART = ROOT / "docs/rehearsal.md", ROOT / "build/rehearsal.md"


class Point(NamedTuple):
    """A point of the rehearsal. overlay: the way of operating airbook on which it is played."""

    number: int
    title: str
    overlay: str
    play: Callable[[Stage, Notes], None]


# The walkthrough comes first, because it needs a new store; the others leave it as they like.
POINTS = (
    Point(5, "Volume: pod and Deployment deleted and made again", "sqlite", volume.play),
    Point(6, "ConfigMap: DEBUG and back without a restart", "sqlite", settings.play),
    Point(1, "The walkthrough of the original through the Service", "postgres", walkthrough.play),
    Point(3, "Readiness: a new version under siege", "postgres", rollout.play),
    Point(4, "Liveness: a stopped and a stuck daemon", "postgres", liveness.play),
    Point(9, "Pod Security and NetworkPolicy", "postgres", boundaries.play),
    Point(8, "Monitoring: scraped, alerted, cleared", "postgres", monitoring.play),
    Point(2, "Scale-out: from one gateway to three and back", "postgres", scale_out.play),
    Point(7, "Chaos: pods killed at random, PostgreSQL restarted", "postgres", chaos.play),
)


def main() -> int:
    """Play the points; return 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearsal", description=__doc__)
    numbers = sorted(one.number for one in POINTS)
    parser.add_argument("points", nargs="*", type=int, help="their numbers; all without any")
    wanted = set(parser.parse_args().points or numbers)
    if unknown := wanted - set(numbers):
        parser.error(f"there is no point {min(unknown)}")
    os.chdir(ROOT)
    if missing := [one for one in ("kubectl", "siege") if not shutil.which(one)]:
        print(f"No rehearsal was played: {missing[0]} is not installed.", file=sys.stderr)
        return 1
    try:
        about = about_cluster()
        built = images(Cluster(AIR).images())
    except (RefusedError, NoEngineError) as error:
        print(f"No rehearsal was played: {error}.", file=sys.stderr)
        return 1
    begun = time.monotonic()
    played = [
        one
        for overlay in ("sqlite", "postgres")
        for one in play(
            [one for one in POINTS if one.number in wanted and one.overlay == overlay], built
        )
    ]
    played.sort(key=lambda one: one.number)
    written = PAGE if wanted == set(numbers) else PART
    written.parent.mkdir(exist_ok=True)
    about = {**about, **built.about(), "lasted": f"{(time.monotonic() - begun) / 60:.0f} minutes"}
    written.write_text(page(played, about))
    print(*(f"{one.number}. {one.title}: {one.result}" for one in played), sep="\n")
    print(written.relative_to(ROOT))
    return int(any(one.result == FAILED for one in played))


def play(points: Sequence[Point], built: Images) -> list[Played]:
    """Play points of one overlay; if it does not come up, all of them have failed."""
    if not points:
        return []
    overlay, played = points[0].overlay, list[Played]()
    print(f"{overlay}: is brought up", flush=True)
    try:
        with staged(built, overlay) as stage:
            played.extend(play_one(one, stage) for one in points)
    except (RefusedError, AssertionError) as error:
        print(f"{overlay}: {error}", file=sys.stderr)
        done = {one.number for one in played}
        for one in points:
            if one.number not in done:
                notes = Notes()
                notes.remark(f"The overlay {overlay} did not come up: {error}")
                played.append(Played(one.number, one.title, FAILED, 0.0, notes))
    return played


def play_one(point: Point, stage: Stage) -> Played:
    """Play a point, and return how it ended."""
    print(f"  {point.number}. {point.title}", flush=True)
    notes, begun, result = Notes(), time.monotonic(), PASSED
    try:
        point.play(stage, notes)
    except NotPossibleError as error:
        result = NOT_PLAYED
        notes.remark(str(error))
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other points are played
        traceback.print_exc()
        result = FAILED
        notes.remark(f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}")
        keep_logs(stage, point.number)
    print(f"    {result}", flush=True)
    return Played(point.number, point.title, result, time.monotonic() - begun, notes)


def keep_logs(stage: Stage, number: int) -> None:
    """Keep what the pods have logged, and what happened to them."""
    everything = ("--selector", "app.kubernetes.io/name=airbook", "--all-containers", "--prefix")
    written = PART.parent
    written.mkdir(exist_ok=True)
    for name, words in {
        "logs": (
            "logs",
            *everything,
            "--tail",
            "500",
            "--ignore-errors",
            "--max-log-requests",
            "20",
        ),
        "events": ("get", "events", "--sort-by", ".lastTimestamp"),
    }.items():
        with suppress(RefusedError):
            (written / f"rehearsal-{number}.{name}").write_text(stage.cluster(*words))


def about_cluster() -> Mapping[str, str]:
    """Return what the page says of the cluster, and of the lengths. Raises RefusedError."""
    cluster = Cluster(AIR)
    nodes = cluster.document("get", "nodes")["items"]
    one = nodes[0]["status"]["nodeInfo"]
    cores = sum(int(node["status"]["capacity"]["cpu"]) for node in nodes)
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return {
        "date": today(),
        "commit": f"`{commit.stdout.strip()}`",
        "Kubernetes": f"{one['kubeletVersion']}, {one['containerRuntimeVersion']}",
        "nodes": f"{len(nodes)} with {cores} cores together, {one['osImage']}",
        "load": f"{lengths.LOAD:.0f} s, chaos {lengths.CHAOS:.0f} s; the clients of siege run"
        " on the same machine as the node"
        if len(nodes) == 1
        else f"{lengths.LOAD:.0f} s",
    }


if __name__ == "__main__":
    sys.exit(main())
