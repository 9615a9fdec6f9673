"""`reserve -`: each line of standard input is answered before the next one comes."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import CommandResult, Order, Reserve
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from tests.cli.conftest import Inside
from tests.support.answers import Answer, refused, without_what_varies
from tests.support.home import PATIENCE, Home
from tests.support.stores import execute

Running = tuple[subprocess.Popen[str], IO[str], IO[str], IO[str]]

NOBODY = "No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"
FORMATS = ("table", "plain", "json", "jsonl", "csv")
DOCUMENT = (
    '{{"id":{0},"airplane":{1},"customer":"{2}","status":"received","seat":null,"reason":null,'
    '"received_at":"<time>","decided_at":null}}\n'
)
LINE = {
    "table": "Reservation {0}: received. Airplane {1}, {2}.\n",
    "plain": "{0}\t{1}\t{2}\treceived\t\t\t<time>\t\n",
    "json": DOCUMENT,
    "jsonl": DOCUMENT,
    "csv": "{0},{1},{2},received,,,<time>,\n",
}


@pytest.fixture
def many(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> Many:
    """Return the function that runs `reserve -`."""
    return Many(inside, monkeypatch)


class Many:
    """`airbook reserve -` with given lines on standard input."""

    def __init__(self, inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inside = inside
        self._monkeypatch = monkeypatch

    def __call__(self, contents: str, *words: str) -> Answer:
        file = self.inside.folder / "lines"
        file.write_text(contents, "utf-8")
        with file.open(encoding="utf-8") as opened:
            self._monkeypatch.setattr("sys.stdin", opened)
            return self.inside("reserve", "-", *words)


@contextmanager
def reserving(home: Home, *options: str) -> Generator[Running]:
    """Start `reserve -`; yields the process and its three streams."""
    with subprocess.Popen(
        home.command("reserve", "-", *options),
        env=home.environment,
        cwd=home.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        yield process, process.stdin, process.stdout, process.stderr


def documents(answer: Answer) -> list[Any]:
    """Parse JSON lines."""
    return [json.loads(line) for line in answer.raw.splitlines()]


@pytest.mark.parametrize("output", FORMATS)
def test_each_line_is_answered_in_its_place(many: Many, output: str):
    answer = many("1,kim\n2,lee,a\n1,김철수\n", "-o", output)
    expected = [(1, 1, "kim"), (2, 2, "lee"), (3, 1, "김철수")]
    told = "".join(LINE[output].format(*one) for one in expected)
    said = NOBODY if output in {"table", "plain"} else ""
    assert (answer.code, answer.out.replace("\r\n", "\n"), answer.err) == (0, told, said)


@pytest.mark.parametrize("output", FORMATS)
def test_refused_lines_go_to_stderr_and_the_rest_is_stored(many: Many, output: str):
    answer = many("x\n1,kim,a\n2,kim,a\n1,lee\n", "-o", output)
    told = LINE[output].format(1, 1, "kim") + LINE[output].format(2, 1, "lee")
    refused = [
        (1, "usage", "'x' is not a number of 1 to 9 digits."),
        (3, "key_reused", "The key a was used before, with other contents."),
    ]
    one = "Line {0}: {2}\n"
    if output in {"json", "jsonl"}:
        one = '{{"error":{{"line":{0},"code":"{1}","message":"{2}"}}}}\n'
    said = "".join(one.format(*each) for each in refused)
    said += NOBODY if output in {"table", "plain"} else ""
    assert (answer.code, answer.out.replace("\r\n", "\n"), answer.err) == (4, told, said)


@pytest.mark.parametrize("output", FORMATS)
def test_a_line_is_answered_before_the_next_is_written(home: Home, output: str):
    with reserving(home, "-o", output) as (process, stdin, stdout, _):
        for number in range(1, 6):
            stdin.write(f"1,kim,{number}\n")
            stdin.flush()
            answer = without_what_varies(stdout.readline())
            assert answer == LINE[output].format(number, 1, "kim")
        stdin.close()
        assert process.wait(PATIENCE) == 0


def test_a_refusal_is_printed_before_the_next_line_is_written(home: Home):
    with reserving(home) as (process, stdin, _, stderr):
        for number in range(1, 4):
            stdin.write("x\n")
            stdin.flush()
            told = f"Line {number}: 'x' is not a number of 1 to 9 digits.\n"
            assert stderr.readline() == told
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130


def test_a_closed_output_ends_it(home: Home):
    with reserving(home) as (process, stdin, stdout, stderr):
        stdout.close()
        stdin.write("1,kim\n")
        stdin.flush()
        assert process.wait(PATIENCE) == 141
        assert stderr.read() == ""
    assert execute(home.store, "SELECT originator_id FROM stored_events") == [("reservation-1",)]


def test_what_is_printed_is_what_is_stored(many: Many, store: Store):
    url = store.secret_url if isinstance(store, PostgresStore) else store.url
    printed = documents(many("1,kim\n2,lee,a\n1,me\n", "-o", "jsonl", "--store", url))
    stored = [many.inside.json("show", number, "--store", url) for number in "123"]
    assert printed == stored
    assert [one["customer"] for one in printed] == ["kim", "lee", "me"]


def test_reservations_of_other_processes_do_not_mix_with_the_answers(
    many: Many, monkeypatch: pytest.MonkeyPatch
):
    reserve_all = Airbook.execute_all

    def crowded(airbook: Airbook, requests: Sequence[Order]) -> list[CommandResult]:
        return [
            one for request in requests for one in (*others(), *reserve_all(airbook, [request]))
        ]

    def others() -> Sequence[CommandResult]:
        with Airbook(SQLiteStore(many.inside.store)) as other:
            reserve_all(other, [Order(Reserve(9, "somebody"))])
        return ()

    monkeypatch.setattr(Airbook, "execute_all", crowded)
    printed = documents(many("1,kim\n2,lee,a\n1,me\n", "-o", "jsonl"))
    assert printed == [many.inside.json("show", number) for number in "246"]


def test_a_repeated_key_returns_the_present_state(many: Many):
    many.inside("admin", "add-plane", "--seats", "1")
    many("1,kim,a\n1,lee,b\n")
    many.inside("daemon", "--until-idle")
    again = documents(many("1,lee,b\n1,kim,a\n1,kim,c\n1,kim,c\n", "-o", "jsonl"))
    seen = [(one["id"], one["status"], one["seat"]) for one in again]
    assert seen == [
        (2, "rejected", None),
        (1, "approved", 1),
        (3, "received", None),
        (3, "received", None),
    ]


@pytest.mark.parametrize("setting", ["", "park"])
def test_a_line_without_a_customer_is_refused(many: Many, setting: str):
    many.inside.environment["AIRBOOK_CUSTOMER"] = setting
    answer = many('1\n1, \n{"airplane":1,"customer":null}\n1,lee\n')
    sentence = "The line names no customer: add the name, or say --customer."
    assert (answer.code, answer.err) == (
        4,
        "".join(f"Line {line}: {sentence}\n" for line in (1, 2, 3)) + NOBODY,
    )
    assert [one["customer"] for one in many.inside.json("my-page", "--all")] == ["lee"]


def test_the_customer_of_a_line_without_one(many: Many):
    answer = many("1\n1,lee\n1,,a\n", "--customer", "김철수", "-o", "jsonl")
    assert [one["customer"] for one in documents(answer)] == ["김철수", "lee", "김철수"]


@pytest.mark.parametrize(
    "options", [["--key", "a"], ["--wait"], ["--wait", "--timeout", "1s"], ["--key", "a", "--wait"]]
)
def test_options_for_one_reservation_are_refused(many: Many, options: list[str]):
    answer = many("1,kim\n", *options)
    assert (answer.code, refused(answer)) == (
        2,
        [
            "--key and --wait are for one reservation, not for many.",
            "hint: airbook reserve --help",
        ],
    )
    assert not many.inside.store.exists()


@pytest.mark.parametrize("contents", ["", "\n", "airplane,customer,key\n"])
def test_lines_that_ask_for_nothing(many: Many, contents: str):
    assert many(contents)[:3] == (0, "", NOBODY)


def test_it_answers_in_korean(many: Many):
    answer = many("1,김철수\n1,\x1b\n", "-o", "table", "--lang", "ko")
    assert answer.out == "예약 1: 접수됨. 항공기 1, 고객 김철수.\n"
    assert answer.err.splitlines()[0].startswith("2")
    assert "\x1b" not in answer.err


def test_hostile_names_are_shown_as_text(many: Many):
    answer = many("1,[red]kim[/]\n1,a\u202eb\n", "-o", "table")
    assert answer[:3] == (
        4,
        "Reservation 1: received. Airplane 1, [red]kim[/].\n",
        "Line 2: 'a\\u202eb' has characters that cannot be shown.\n" + NOBODY,
    )
