"""Programs that stand in for those a pipeline calls: each records its words, prints and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from shutil import which

START = """#!/bin/sh
said="${0##*/} $*"
case "$said" in *--password-stdin*) said="$said < $(cat)" ;; esac
printf '%s\\n' "$said" >> {record}
case "$said" in
"""


@dataclass
class Ended:
    """How a script ended: its exit code, and all that it printed."""

    code: int
    said: str


class Programs:
    """A folder of programs that is searched before all others.

    A program called `make` looks whether there is such a target, and makes nothing.
    """

    def __init__(
        self,
        folder: Path,
        *names: str,
        prints: Mapping[str, str] | None = None,
        fails: str | None = None,
    ) -> None:
        """prints: what a call prints, by how it begins. fails: how a call begins that fails."""
        self._folder, self._record = folder / "programs", folder / "record"
        self._folder.mkdir()
        self._record.touch()
        script = START.replace("{record}", quote(str(self._record)))
        script += f"{quote(fails)}*) exit 1 ;;\n" if fails else ""
        for begins, text in (prints or {}).items():
            script += f"{quote(begins)}*) printf '%s\\n' {quote(text)} ;;\n"
        script += f'make*) exec {which("make")} --dry-run "$@" > /dev/null ;;\nesac\n'
        for name in names:
            (self._folder / name).write_text(script)
            (self._folder / name).chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """Return the calls so far, in order, with what a call was given as a password."""
        return self._record.read_text().splitlines()

    def run(self, script: str, environ: Mapping[str, str], folder: Path) -> Ended:
        """Run a script as a pipeline does, which has no variables but its own."""
        path = [self._folder, Path(sys.executable).parent, os.environ.get("PATH", os.defpath)]
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", script],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env={**environ, "PATH": os.pathsep.join(map(str, path)), "HOME": str(folder)},
        )
        return Ended(ran.returncode, ran.stdout)


def is_a_script(text: str) -> bool:
    """Return whether the shell can read a text as a script."""
    return subprocess.run(["bash", "-n", "-c", text], check=False).returncode == 0
