"""Options that exclude each other: the command says so and does nothing, and ignores neither."""

from __future__ import annotations

import pytest

from tests.application.text.catalog import HANGUL
from tests.cli.conftest import Inside
from tests.support.answers import refused

PAIRS = {
    "my-page --all --customer kim": (
        "--customer shows one customer, --all everybody: say one of them."
    ),
    "my-page --all --customer kim --limit 1": (
        "--customer shows one customer, --all everybody: say one of them."
    ),
    "parked retry 1 --all": "Name one reservation, or --all.",
    "parked retry": "Name one reservation, or --all.",
    "daemon --once --until-idle": "--once and --until-idle exclude each other: say one of them.",
    "daemon --once --health-host ::1": "--health-host is for --health-port only.",
    "reserve 1 --timeout 5s": "--timeout is for --wait only.",
    "reserve - --timeout 5s": "--timeout is for --wait only.",
    "reserve - --key a": "--key and --wait are for one reservation, not for many.",
    "reserve - --wait --timeout 5s": "--key and --wait are for one reservation, not for many.",
    "cancel 1 --timeout 5s": "--timeout is for --wait only.",
    "events --follow --as-of 3": "--follow shows what comes, --as-of what was: say one of them.",
    "status --watch --as-of 3": "--watch shows what comes, --as-of what was: say one of them.",
    "tui --port 8080": "--port is for --web only.",
}


@pytest.mark.parametrize(("line", "sentence"), PAIRS.items())
def test_options_that_exclude_each_other(five_seats: Inside, line: str, sentence: str):
    before = five_seats.json("events")
    words = line.split()
    answer = five_seats(*words)
    command = " ".join(words[: 2 if words[0] == "parked" else 1])
    assert (answer.code, refused(answer)) == (2, [sentence, f"hint: airbook {command} --help"])
    assert HANGUL.search(five_seats(*words, "--lang", "ko").err.splitlines()[0])
    assert five_seats.json("events") == before


def test_a_setting_excludes_no_option(five_seats: Inside):
    everybody = five_seats.json("my-page", "--all", AIRBOOK_CUSTOMER="kim")
    assert len(everybody) == 6
