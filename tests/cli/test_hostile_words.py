"""Any input is answered in one sentence, without characters that control a terminal."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Inside
from tests.support.answers import OBEYED, refused
from tests.support.home import Home

NO_NUMBERS = (
    *("1_0", "１２", "+5", "1e3", "NaN", "inf", "0x10", " 5", "5 ", "", "٣", "①", "1.0", "½"),
    *("9223372036854775808", "9" * 5_000, "1" * 10, "5\n", "5\x00", "\x1b[31m5", "\u202e5"),
    *("\udcff", "x" * 100_000, "[/]", "[@click=app.quit]x[/]", "{0}", "{number}", "%s", "null"),
)
NO_NAMES = (
    *("\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "\x00", "a\nb", "a\rb", "a\tb", "\x7f"),
    *("abc\u202edef", "\u2066x\u2069", "\u200fx", "\u061c", "\u2028", "\u2029", "\ud800", "\udcff"),
    *("", " ", "\u3000", "x" * 81, "한" * 81, "x" * 100_000, "e\u0301" * 81),
    *("\u200b", "\u3164 \u115f", "\u2800", "\U000e0061", "\u0301\ufe0f"),
)
NAMES = (
    *("[/]", "[@click=app.quit]x[/]", "[bold]x", "{number}", "%s", "'; DROP TABLE customers; --"),
    *(
        "대한항공 907",
        "김철수",
        "x" * 80,
        "e\u0301" * 80,
        "👩\u200d✈️",
        "\u3164김\u200b",
        "$(reboot)",
        "\\u001b",
        "null",
    ),
)
NUMBERS = (
    ["plane", "{}"],
    ["reserve", "{}"],
    ["cancel", "{}"],
    ["show", "{}"],
    ["history", "{}"],
    ["why", "{}"],
    ["wait", "{}"],
    ["admin", "add-plane", "--seats={}"],
    ["admin", "set-seats", "1", "{}"],
    ["admin", "set-seats", "{}", "1"],
    ["admin", "close-plane", "{}"],
    ["admin", "open-plane", "{}"],
    ["parked", "retry", "{}"],
    ["parked", "drop", "{}"],
    ["my-page", "--limit={}"],
    ["events", "--since={}"],
)
NAMED = (
    ["reserve", "1", "--customer={}"],
    ["reserve", "1", "--key={}"],
    ["my-page", "--customer={}"],
    ["admin", "add-plane", "--seats", "5", "--name={}"],
)


def filled(command: list[str], word: str) -> list[str]:
    return [part.replace("{}", word) for part in command]


@pytest.mark.parametrize("command", NUMBERS, ids=" ".join)
def test_invalid_numbers(inside: Inside, command: list[str]):
    for word in NO_NUMBERS:
        answer = inside(*filled(command, word))
        assert answer.code == 2, (word, answer)
        assert len(refused(answer)[0]) < 120


@pytest.mark.parametrize("command", NUMBERS, ids=" ".join)
def test_the_largest_numbers(five_seats: Inside, command: list[str]):
    answer = five_seats(*filled(command, "999999999"), "--json")
    assert answer.code in {0, 2, 3, 4}
    assert not OBEYED.search(answer.err)


@pytest.mark.parametrize("seats", ["0", "1001", "000000000", "999999999"])
@pytest.mark.parametrize("command", [["add-plane", "--seats"], ["set-seats", "1"]])
def test_an_airplane_has_1_to_1000_seats(five_seats: Inside, command: list[str], seats: str):
    answer = five_seats("admin", *command, seats)
    assert (answer.code, refused(answer)[0]) == (2, "An airplane has 1 to 1000 seats.")


@pytest.mark.parametrize("command", NAMED, ids=" ".join)
def test_invalid_names(inside: Inside, command: list[str]):
    for word in NO_NAMES:
        for output in ("plain", "json"):
            answer = inside(*filled(command, word), "-o", output)
            assert answer.code == 2, (word, answer)
            assert len(refused(answer)[0]) < 300
    assert not inside.store.parent.exists()


@pytest.mark.parametrize("output", ["table", "plain", "csv", "json", "jsonl"])
def test_valid_names_are_shown_as_text(inside: Inside, output: str):
    for word in NAMES:
        assert inside("admin", "add-plane", "--seats", "1", "--name", word).code == 0
        assert inside("reserve", "1", "--customer", word, "--key", word).code == 0
    for command in (["planes"], ["my-page", "--all"], ["doctor"], ["status"]):
        answer = inside(*command, "-o", output)
        assert (answer.code, answer.err) in {(0, ""), (0, inside("doctor", "-o", output).err)}
    shown = inside("my-page", "--all", "-o", output, COLUMNS="400").out
    kept = [one["customer"] for one in inside.json("my-page", "--all")]
    assert len(kept) == len(NAMES)
    if output in {"table", "plain"}:
        assert all(name in shown for name in ("[/]", "[@click=app.quit]x[/]", "{number}", "김철수"))


@pytest.mark.parametrize(
    "word",
    [
        *(
            "",
            "soon",
            "-1s",
            "1e3",
            "NaN",
            "inf",
            "５s",
            "1 s",
            "1h5",
            "1m1h",
            "1_0s",
            "9999999s",
            "1.2.3",
        ),
        *("5s\n", "\x1b[31m", "\u202e5s", "\udcff", "9" * 5_000, ".5s", "5S", "0.1234s"),
    ],
)
@pytest.mark.parametrize("command", [["reserve", "1"], ["cancel", "1"], ["wait", "1"]])
def test_invalid_durations(inside: Inside, command: list[str], word: str):
    answer = inside(*command, f"--timeout={word}")
    assert (answer.code, len(refused(answer)[0]) < 300) == (2, True)


@pytest.mark.parametrize(
    "word", ["5s", "500ms", "1h30m", "5", "0", "0.5", "0.001s", "2d", "999999d"]
)
def test_valid_durations(five_seats: Inside, word: str):
    assert five_seats("wait", "1", f"--timeout={word}").code == 0


@pytest.mark.parametrize("word", [word for word in (*NO_NAMES, *NAMES) if word.strip()])
def test_unknown_commands_options_and_choices(inside: Inside, word: str):
    for words in (
        [word],
        ["admin", word],
        [f"--{word}"],
        ["planes", f"--{word}=x"],
        ["planes", word],
        ["planes", f"--output={word}"],
        ["planes", f"--lang={word}"],
        ["events", "--format", word],
        ["wait", "1", "--for", word],
        ["views", "rebuild", word],
    ):
        answer = inside(*words)
        assert (answer.code, refused(answer)[1][:5]) == (2, "hint:"), words


@pytest.mark.parametrize("word", [b"\xff", b"a\xffb", b"\xed\xa0\x80", b"\xc3", b"\x1b]0;x\x07"])
def test_bytes_that_are_not_text(home: Home, word: bytes):
    answer = home("reserve", "1", b"--customer=" + word)
    assert (answer.code, len(refused(answer))) == (2, 2)
