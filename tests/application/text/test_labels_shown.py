"""What the command prints in either language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from airbook.cli.framework.app import build
from airbook.cli.main import main
from tests.application.text.catalog import HANGUL, KOREAN, commands
from tests.support.home import Home

ENGLISH = re.compile(r"[a-z]+ [a-z]+ [a-z]+", re.IGNORECASE)


@pytest.mark.process
@pytest.mark.parametrize(
    "line", ["planes", "plane 1", "my-page --all", "show 6", "history 6", "events", "parked list"]
)
def test_json_is_the_same_in_every_language(airbook: Home, line: str):
    words = (*line.split(), "-o", "json")
    english, korean = airbook(*words, AIRBOOK_LANG="en"), airbook(*words, AIRBOOK_LANG="ko")
    assert english.document == korean.document


@pytest.mark.process
def test_only_the_sentence_of_an_explanation_is_a_label(airbook: Home):
    english = airbook("why", "6", "-o", "json", AIRBOOK_LANG="en").document
    korean = airbook("why", "6", "-o", "json", AIRBOOK_LANG="ko").document
    assert korean.pop("sentence") == (
        "예약 6: 거절되었습니다. 항공기 1의 좌석 5개가 모두 배정되어 있었습니다."
    )
    assert english.pop("sentence") == (
        "Reservation 6 was rejected: all 5 seats of airplane 1 were taken."
    )
    assert english == korean


@pytest.mark.process
def test_only_the_message_of_an_error_is_a_label(airbook: Home):
    answer = airbook("show", "99", "-o", "json", AIRBOOK_LANG="ko")
    assert (answer.code, json.loads(answer.err)) == (
        3,
        {
            "error": {
                "code": "no_such_reservation",
                "message": "없는 예약 번호입니다: 99",
                "hint": "airbook my-page --all",
            }
        },
    )


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize(
    "words", [words for words, _ in commands(build([]))], ids=lambda words: " ".join(words) or "all"
)
def test_help_is_korean_and_fits(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    assert main([*words, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if cell_len(line) > 80] == []
    prose = [line for line in lines if "airbook " not in line]  # without usage and examples
    assert [line for line in prose if ENGLISH.search(line)] == []
    assert not [line for line in lines if line.strip() in KOREAN]


WRONG = (
    "resrve 1",
    "nonsense",
    "admin",
    "reserve",
    "reserve 1 2",
    "reserve x",
    "reserve 0",
    "reserve 1 --nonsense",
    "reserve 1 --wait=5",
    "reserve 1 --customer",
    "reserve 1 --wait --timeout soon",
    "wait 1 --for ever",
    "parked retry",
    "tui",
    "tui --port 1",
    "tui --web --port 0",
    "tui --theme pink",
    "planes -o yaml",
    "planes --store nowhere",
    "planes --config /nowhere.toml",
    "admin add-plane",
    "admin add-plane --seats 1001",
)


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize("line", WRONG)
def test_errors_of_usage_are_korean(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code = main([*line.split(), "--home", str(tmp_path)])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    sentence, hint = err.splitlines()
    assert HANGUL.search(sentence)
    assert not ENGLISH.search(sentence.replace("/nowhere.toml: [Errno 2] No such file", ""))
    assert hint.startswith("힌트: airbook")


@pytest.mark.process
@pytest.mark.parametrize("line", ["planes", "my-page --all", "history 6", "events", "views status"])
def test_a_korean_table_is_aligned(airbook: Home, line: str):
    airbook("reserve", "1", "--customer", "김철수")
    answer = airbook(*line.split(), "-o", "table", AIRBOOK_LANG="ko", COLUMNS="100")
    assert len({cell_len(row) for row in answer.raw.decode().splitlines()}) == 1


@pytest.mark.process
@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({}, "received"),
        ({"LANG": "ko_KR.UTF-8"}, "접수됨"),
        ({"LC_ALL": "ko_KR.UTF-8"}, "접수됨"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "ko_KR.UTF-8"}, "received"),
        ({"LC_ALL": "ko_KR.UTF-8", "LANG": "en_US.UTF-8"}, "접수됨"),
        ({"LC_ALL": "C", "LC_MESSAGES": "ko_KR.UTF-8"}, "received"),
        ({"LC_MESSAGES": "ko_KR.UTF-8", "LANG": "C"}, "접수됨"),
        ({"AIRBOOK_LANG": "en", "LC_ALL": "ko_KR.UTF-8"}, "received"),
        ({"AIRBOOK_LANG": "ko", "LC_ALL": "en_US.UTF-8", "LANG": "C"}, "접수됨"),
        ({"LANG": "ko_KR.eucKR"}, "접수됨"),
        ({"LANG": "fr_FR.UTF-8"}, "received"),
    ],
    ids=str,
)
def test_the_setting_with_the_highest_precedence_chooses_the_language(
    tmp_path: Path, settings: dict[str, str | None], status: str
):
    """The locale need not be installed, and names in Hangul are printed unchanged."""
    answer = Home(tmp_path)("reserve", "1", "--customer", "김철수", "-o", "table", **settings)
    assert status in answer.out
    assert "김철수" in answer.out


@pytest.mark.process
def test_a_flag_takes_precedence_over_the_environment(tmp_path: Path):
    airbook = Home(tmp_path)
    assert airbook("store", "init").code == 0
    answer = airbook("planes", "-o", "table", "--lang", "ko", AIRBOOK_LANG="en")
    assert answer.out == "아직 항공기가 없습니다.\n"


@pytest.mark.process
def test_shell_completion_is_korean(tmp_path: Path):
    answer = Home(tmp_path)(
        AIRBOOK_LANG="ko",
        _AIRBOOK_COMPLETE="complete_fish",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
        _TYPER_COMPLETE_ARGS="airbook can",
    )
    assert answer.out == f"cancel\t{KOREAN[CANCEL]}\n"


CANCEL = "Give a reservation back, while it is received or approved."
