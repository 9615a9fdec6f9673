"""The modules that quick commands load: no heavy package, and no other command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.home import Home

HEAVY = {"sqlalchemy", "pydantic", "rich", "textual", "psycopg", "asyncio", "fastapi"}
LOADED = (
    "import sys\n"
    "from airbook.cli.main import main\n"
    "code = main(sys.argv[1:])\n"
    "import json\n"
    "print()\n"
    "print(json.dumps([code, sorted(sys.modules)]))\n"
)


def loaded_by(home: Home, *words: str) -> tuple[int, set[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        env=home.environment,
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
def test_what_a_quick_command_leaves_unloaded(home: Home, words: list[str], code: int):
    home("reserve", "1")
    ended, modules = loaded_by(home, *words)
    assert (ended, HEAVY & modules) == (code, set())


def test_reserving_loads_no_view_no_daemon_and_no_other_command(home: Home):
    _, modules = loaded_by(home, "reserve", "1")
    others = ("airbook.projections", "airbook.daemon", "airbook.tui")
    assert not [name for name in modules if name.startswith(others)]
    commands = {name for name in modules if name.startswith("airbook.cli.commands.")}
    assert commands == {
        "airbook.cli.commands.acknowledgement",
        "airbook.cli.commands.reserve",
    }
