"""The modules that quick commands load: no heavy package, and no other command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.core import TyperGroup

from airbook.cli.framework.app import build
from tests.support.home import Home

HEAVY = {
    *("sqlalchemy", "pydantic", "rich", "textual", "psycopg", "asyncio", "litestar"),
    *("prometheus_client", "opentelemetry"),
}
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


WATCHING = {"http.server", "prometheus_client", "opentelemetry"}


def test_a_daemon_that_nobody_watches_loads_no_server_no_figures_and_no_traces(home: Home):
    code, modules = loaded_by(home, "daemon", "--once")
    assert (code, WATCHING & modules) == (0, set())


def test_reserving_loads_no_view_no_daemon_and_no_other_command(home: Home):
    _, modules = loaded_by(home, "reserve", "1")
    others = ("airbook.projections", "airbook.daemon", "airbook.tui")
    assert not [name for name in modules if name.startswith(others)]
    commands = {name for name in modules if name.startswith("airbook.cli.commands.")}
    assert commands == {
        "airbook.cli.commands.acknowledgement",
        "airbook.cli.commands.reserve",
    }


EVERY_STORE_COMMAND = ["store", "store init", "store status", "store check", "store copy"]


@pytest.mark.parametrize(
    ("words", "built"),
    [
        (["reserve", "1"], ["reserve"]),
        (["show", "1"], ["show"]),
        (["store", "check"], ["store", "store check"]),
        (["--actor", "wait", "admin", "set-seats"], ["admin", "admin set-seats", "wait"]),
        (["store", "chekc"], EVERY_STORE_COMMAND),
        (["views", "-h"], None),
        (["nonsense"], None),
    ],
    ids=str,
)
def test_a_command_line_builds_the_commands_that_it_names(
    words: list[str], built: list[str] | None
):
    everything = names_in(build([]))
    assert names_in(build(words)) == (everything if built is None else built)
    assert len(everything) > 40
    assert set(EVERY_STORE_COMMAND) < set(everything)


def names_in(app: TyperGroup) -> list[str]:
    """List the names of the commands that are built, those of groups with the group before."""
    found = list[str]()
    for name, command in app.commands.items():
        found.append(name)
        found += [f"{name} {each}" for each in getattr(command, "commands", ())]
    return found
