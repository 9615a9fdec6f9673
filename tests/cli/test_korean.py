"""Korean changes the labels, and nothing that a program reads."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Inside
from tests.support.home import Home

WORDS = {"received": "접수됨", "approved": "승인", "rejected": "거절", "cancelled": "취소"}


@pytest.mark.parametrize("settings", [{"LC_ALL": "ko_KR.UTF-8"}, {"AIRBOOK_LANG": "ko"}])
def test_the_words_for_each_status(five_seats: Inside, settings: dict[str, str]):
    five_seats("cancel", "2")
    five_seats("reserve", "1")
    table = five_seats("my-page", "--all", "-o", "table", **settings).out.splitlines()
    words = [table[1 + number].split()[3] for number in (1, 2, 6, 7)]
    assert words == [WORDS[one] for one in ("approved", "cancelled", "rejected", "received")]


@pytest.mark.parametrize("output", ["json", "jsonl", "csv", "plain"])
def test_what_programs_read_is_the_same(five_seats: Inside, output: str):
    for words in (["planes"], ["my-page", "--all"], ["history", "6"], ["events"]):
        korean = five_seats(*words, "-o", output, "--lang", "ko").raw
        assert korean == five_seats(*words, "-o", output, "--lang", "en").raw


def test_columns_of_hangul_are_aligned(five_seats: Inside):
    five_seats("admin", "add-plane", "--seats", "7", "--name", "대한항공")
    lines = five_seats("planes", "-o", "table", "--lang", "ko").out.splitlines()
    assert len({cells(line) for line in lines}) == 1, lines


def cells(text: str) -> int:
    return sum(2 if "가" <= letter <= "힣" else 1 for letter in text)


def test_errors_and_help_are_in_korean_too(home: Home):
    home("store", "init")
    for words, code in ((["show", "9"], 3), (["nonsense"], 2), (["-o", "yaml"], 2)):
        answer = home(*words, "--lang", "ko")
        assert (answer.code, hangul(answer.err.splitlines()[0])) == (code, True), answer
    told = home("show", "9", "--lang", "ko", "--json")
    assert '"code":"no_such_reservation"' in told.err
    assert hangul(home("--help", "--lang", "ko").out)


def hangul(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)
