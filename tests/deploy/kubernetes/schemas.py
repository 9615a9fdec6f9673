"""Checking documents against schemas, in which unknown fields are refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.deploy.kubernetes.rendering import ROOT, Documents

PROGRAM = Path(__file__).parent / "validating.py"


def faults(*several: Documents) -> list[list[str]]:
    """List the faults of each sequence of documents; see `validating`."""
    ended = subprocess.run(
        [sys.executable, PROGRAM],
        env={**os.environ, "PYTHONPATH": str(ROOT / ".venv/schemas")},
        input=json.dumps(several),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: list[list[str]] = json.loads(ended.stdout)
    return found
