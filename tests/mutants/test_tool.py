"""The whole tool, on a small project: what is killed, what survives, what is accepted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = {
    "price.py": """
        from functools import lru_cache

        @lru_cache
        def price(seats):
            if seats > 10:
                return seats * 9
            return seats * 10

        def unused():
            return price(1)

        def at_import():
            return 1 + 1

        TWO = at_import()
    """,
    "test_price.py": """
        from price import price

        def test_the_price_of_one_seat():
            assert price(1) == 10

        def test_the_price_of_many_seats():
            assert price(20) == 180
    """,
}
GATE = {
    "gate.py": "def leave(gate):\n    gate.set()\n",
    "test_gate.py": """
        from threading import Event
        from gate import leave

        def test_the_gate_opens():
            gate = Event()
            leave(gate)
            gate.wait()
    """,
}
EXPECTATIONS = """
    [[goals]]
    files = "price.py"
    percent = 85

    [[accepted]]
    file = "price.py"
    function = "price"
    before = "if seats > 10:"
    after = "if seats > 9:"
    reason = "Ten seats cost the same."

    [[accepted]]
    file = "price.py"
    function = "price"
    before = "no such line"
    after = "any more"
    reason = "It was there once."
"""


def tool(folder: Path, files: dict[str, str], *words: str) -> tuple[int, str]:
    """Write the files of a project, and run the tool there; returns its exit code and output."""
    for name, text in {"accepted.toml": EXPECTATIONS, **files}.items():
        (folder / name).write_text(dedent(text))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.mutants", "--tests", ".", "--marks", ""),
            *("--accepted", "accepted.toml", "--at-once", "1", *words),
        ],
        cwd=folder,
        # Without the plugins that are installed here: they take most of the time.
        env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_mutants_are_killed_or_survive_or_are_accepted(tmp_path: Path) -> None:
    code, output = tool(tmp_path, PRODUCT, "price.py")
    assert (code, output) == (
        1,
        dedent("""\
        price.py:6: price
          - if seats > 10:
          + if seats >= 10:
        price.py:6: price
          - if seats > 10:
          + if seats > 11:
        price.py:11: unused (no test runs it)
          - return price(1)
          + return None
        price.py:11: unused (no test runs it)
          - return price(1)
          + return price(2)
        price.py:11: unused (no test runs it)
          - return price(1)
          + return price(0)
        accepted, but no such mutant any more: price.py: price
          - no such line
          + any more

        file       mutants  killed  survived  accepted  at import  % killed
        price.py        21      11         5         1          4      68.8  below the goal of 85 %
        all files       21      11         5         1          4      68.8
    """),
    )


def test_a_mutant_that_hangs_is_killed(tmp_path: Path) -> None:
    assert tool(tmp_path, GATE, "gate.py", "--patience", "0.1", "--goal", "100") == (
        0,
        dedent("""\

        file       mutants  killed  survived  accepted  at import  % killed
        gate.py          1       1         0         0          0     100.0
        all files        1       1         0         0          0     100.0
    """),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("    assert price(1) == 11", "test_price.py::test_the_price_of_one_seat (call)"),
        ("    import no_such_module", "No module named 'no_such_module'"),
    ],
)
def test_tests_that_fail_without_a_mutant_are_reported(
    tmp_path: Path, line: str, message: str
) -> None:
    broken = {
        **PRODUCT,
        "test_price.py": PRODUCT["test_price.py"].replace("assert price(1) == 10", line.strip()),
    }
    code, output = tool(tmp_path, broken, "price.py")
    assert (code, output.partition("\n")[0]) == (2, "The tests fail without any mutant.")
    assert message in output
