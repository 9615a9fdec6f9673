"""Answers that cannot be printed: what was stored before is told, with its number."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.shell import shell
from tests.support.home import PATIENCE, Home

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device that is always full"
)
FULL = "No space left on device"
NO_DAEMON = b"No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"
LOST = f"but the answer could not be printed: {FULL}"


@pytest.fixture
def told(home: Home) -> Home:
    """Return a home with the story of five seats."""
    home.record_five_seats()
    return home


@pytest.mark.parametrize(
    ("line", "sentence", "hint"),
    [
        ("reserve 1", f"Reservation 7 is stored, {LOST}", "show 7"),
        ("reserve 1 -o table", f"Reservation 7 is stored, {LOST}", "show 7"),
        ("reserve 1 --wait --timeout 0", f"Reservation 7 is stored, {LOST}", "show 7"),
        ("cancel 2", f"The cancellation of reservation 2 is stored, {LOST}", "show 2"),
        ("admin add-plane --seats 3", f"Airplane 2 is stored, {LOST}", "plane 2"),
        ("admin set-seats 1 9", f"The change of airplane 1 is stored, {LOST}", "plane 1"),
        ("admin close-plane 1", f"The change of airplane 1 is stored, {LOST}", "plane 1"),
        ("reserve - <<< 1,kim", f"Reservation 7 is stored, {LOST}", "show 7"),
        (
            "reserve - <<< $'1,kim\\nx\\n1,lee'",
            f"2 reservations are stored (7 to 8), {LOST}",
            "my-page --all",
        ),
        (
            "import - <<< $'1,kim,\\n1,lee,a\\n1,lee,a'",
            f"3 reservations are stored (7 to 8), {LOST}",
            "my-page --all",
        ),
        ("views rebuild", f"The views are rebuilt, {LOST}", "views status"),
        ("store init", f"The store is made, {LOST}", "store status"),
    ],
)
def test_what_is_stored_is_told(told: Home, line: str, sentence: str, hint: str):
    command, *redirected = line.partition(" <<< ")
    code, out, err = shell(told, f"airbook {command} >/dev/full{''.join(redirected)}")
    assert (code, out, err.splitlines()[-2:]) == (1, "", [sentence, f"hint: airbook {hint}"])


def test_what_is_stored_is_told_to_programs_and_in_korean(told: Home):
    code, _, err = shell(told, "airbook reserve 1 -o json >/dev/full")
    assert (code, json.loads(err)) == (
        1,
        {
            "error": {
                "code": "answer_not_printed",
                "message": f"Reservation 7 is stored, {LOST}",
                "hint": "airbook show 7",
            }
        },
    )
    code, _, err = shell(told, "airbook reserve 1 --lang ko >/dev/full")
    assert (code, err.splitlines()) == (
        1,
        [f"예약 8: 저장되었지만 응답을 출력하지 못했습니다: {FULL}", "힌트: airbook show 8"],
    )
    assert told.json("show", "8")["status"] == "received"


@pytest.mark.parametrize(
    "line",
    [
        *("planes", "planes -o table", "events", "events --format seed", "why 6"),
        *("status", "status --watch", "config show", "history 2 -o csv", "--help", "--version"),
        *("store status", "store init --print-sql", "events --follow -o table"),
    ],
)
def test_a_command_that_reads_names_standard_output(told: Home, line: str):
    code, out, err = shell(told, f"airbook {line} >/dev/full")
    assert (code, out, err) == (1, "", f"Standard output cannot be written: {FULL}\n")


@pytest.mark.parametrize("line", ["reserve 1", "cancel 2", "admin add-plane --seats 3", "planes"])
def test_a_closed_pipe_makes_no_noise(told: Home, line: str):
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        told.command(*line.split()),
        env=told.environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=PATIENCE,
    )
    os.close(writer)
    noise = ended.stderr.replace(NO_DAEMON, b"")
    assert (ended.returncode, noise) == (141, b"")


@pytest.mark.parametrize(
    ("line", "code"),
    [("reserve 1", 0), ("show 99", 3), ("nonsense", 2), ("show 99 >/dev/full", 3)],
)
def test_a_message_that_cannot_be_printed_changes_no_exit_code(told: Home, line: str, code: int):
    ended, out, err = shell(told, f"airbook {line} 2>/dev/full")
    assert (ended, out[:4], err) == (code, "7\t1\t" if line == "reserve 1" else "", "")
