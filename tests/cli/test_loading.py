"""A command that must be quick loads what it needs and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.play import Home

HEAVY = {"sqlalchemy", "pydantic", "rich", "textual", "psycopg", "asyncio", "fastapi"}
LOADED = (
    "import sys\n"
    "from airbook.cli.main import main\n"
    "code = main(sys.argv[1:])\n"
    "import json\n"
    "print()\n"
    "print(json.dumps([code, sorted(sys.modules)]))\n"
)


def loaded_by(airbook: Home, *words: str) -> tuple[int, set[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        env=airbook.environment,
        capture_output=True,
        check=True,
        text=True,
    )
    code, modules = json.loads(ran.stdout.splitlines()[-1])
    return code, {name.partition(".")[0] for name in modules} | set(modules)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["reserve", "1"], 0),
        (["reserve", "1", "-o", "json"], 0),
        (["reserve", "1", "--wait", "--timeout", "50ms"], 6),
        (["cancel", "1"], 0),
        (["wait", "1", "--timeout", "0"], 6),
        (["--version"], 0),
        (["reserve", "nonsense"], 2),
        (["config", "show"], 0),
    ],
)
def test_what_a_quick_command_leaves_unloaded(airbook: Home, words: list[str], code: int):
    airbook("reserve", "1")
    ended, modules = loaded_by(airbook, *words)
    assert (ended, HEAVY & modules) == (code, set())


def test_reserving_loads_no_view_no_daemon_and_no_other_command(airbook: Home):
    _, modules = loaded_by(airbook, "reserve", "1")
    ours = {name for name in modules if name.startswith("airbook.")}
    strangers = ("projections", "daemon", "cli.show", "cli.inspect", "cli.admin", "cli.events")
    assert not [name for name in ours for one in strangers if name.startswith(f"airbook.{one}")]
