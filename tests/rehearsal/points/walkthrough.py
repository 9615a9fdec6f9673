"""Point 1: the walkthrough of the original, through the Service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from tests.gateway.documented import printed_by, printed_in
from tests.rehearsal.around import ROOT
from tests.rehearsal.report import Notes
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.stage import DAEMONS, Stage

WALKTHROUGH = ROOT / "docs/walkthrough.md"


class Ended(NamedTuple):
    """A command that has succeeded in a pod."""

    code: int
    out: str


class InPod:
    """Runs the commands of the document in a pod, with the store of the gateways."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment of HTTPie."""
        return os.environ

    def __call__(self, *words: str) -> Ended:
        """Run a command of airbook. Raises RefusedError if it fails."""
        return Ended(0, self._stage.airbook(*words))


def play(stage: Stage, notes: Notes) -> None:
    """Run every command of the document on the new store, while no daemon runs beside it."""
    stage.cluster.scale(DAEMONS, 0)
    try:
        printed = printed_by(WALKTHROUGH, GATEWAY, InPod(stage))
    finally:
        stage.cluster.scale(DAEMONS, 2)
    expected = printed_in(WALKTHROUGH)
    different = [ours for ours, wanted in zip(printed, expected, strict=True) if ours != wanted]
    notes.figure("commands of docs/walkthrough.md", len(printed))
    notes.figure("which print what the document says", len(printed) - len(different))
    assert different == [], different[0]
    notes.remark(
        "Istio is no part of the rehearsal: `make check` compares its documents with Istio's own"
        " schemas, in which unknown fields are refused."
    )
