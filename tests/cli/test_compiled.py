"""Commands load compiled modules, also where PYTHONDONTWRITEBYTECODE keeps Python from storing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.support.home import PATIENCE, ROOT, Home

# Runs a command, then writes the modules that Python had to compile to a file.
COUNTED = """
import atexit, json, pathlib, sys
from importlib.util import cache_from_source

@atexit.register
def tell_compiled():
    specs = [getattr(module, "__spec__", None) for module in sys.modules.values()]
    sources = {spec.origin for spec in specs if spec and spec.has_location}
    compiled = [one for one in sources if one.endswith(".py")]
    compiled = [one for one in compiled if not pathlib.Path(cache_from_source(one)).exists()]
    pathlib.Path(result).write_text(json.dumps([len(sources), sorted(compiled)]))

result = sys.argv.pop(1)
from airbook.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Compile airbook as `make` does, to an empty folder; return the settings that use it."""
    compiled = {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled"))}
    subprocess.run([sys.executable, ROOT / "compile_modules.py"], env=compiled, check=True)
    return {**compiled, "PYTHONDONTWRITEBYTECODE": "1"}


def loaded(result: Path) -> tuple[int, list[str]]:
    """Return how many modules were loaded, and which of them had to be compiled."""
    count, compiled = json.loads(result.read_text())
    return count, compiled


@pytest.mark.parametrize(
    "words",
    ["reserve 1", "my-page --all", "planes -o table", "daemon --until-idle", "doctor", "--help"],
)
def test_a_command_compiles_nothing(home: Home, modules: dict[str, str], words: str):
    assert home("admin", "add-plane", "--seats", "5").code == 0
    result = home.folder / "result"
    subprocess.run(
        [sys.executable, "-c", COUNTED, result, *words.split()],
        env={**home.environment, **modules},
        capture_output=True,
        check=True,
    )
    count, compiled = loaded(result)
    assert (count > 100, compiled) == (True, [])


def test_the_dashboard_compiles_nothing(home: Home, modules: dict[str, str]):
    assert home("admin", "add-plane", "--seats", "5").code == 0
    result = home.folder / "result"
    terminal: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-c", COUNTED, str(result), "tui"],
        env={**home.environment, **modules, "TERM": "xterm-256color"},
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, 100),
    )
    terminal.expect("0/5")
    terminal.send("q")
    terminal.expect(pexpect.EOF)
    terminal.close()
    count, compiled = loaded(result)
    assert (terminal.exitstatus, count > 300, compiled) == (0, True, [])


def test_make_compiles_what_it_has_installed():
    ready = (ROOT / "Makefile").read_text().partition("\n.venv/ready:")[2]
    assert "\t$(BIN)/python compile_modules.py\n" in ready
