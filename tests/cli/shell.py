"""Lines of a shell that run commands, with redirections and pipes."""

from __future__ import annotations

import subprocess
import sys

from tests.support.home import PATIENCE, Home


def shell(home: Home, line: str, **settings: str | None) -> tuple[int, str, str]:
    """Run a line of bash that may call `airbook`."""
    ran = subprocess.run(
        ["bash", "-c", f'airbook() {{ "{sys.executable}" -m airbook.cli "$@"; }}; {line}'],
        env=home.with_settings(settings),
        cwd=home.folder,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()
