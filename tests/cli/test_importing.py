"""`import` requests the seats that a file asks for."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.conftest import Inside
from tests.cli.imports import KIM_AND_LEE, NOBODY, imported, requested
from tests.support.home import PATIENCE, Home

WAYS_TO_WRITE_IT = {
    "CSV": b"1,kim,a\n2,lee,b\n",
    "CSV with the names of the columns": b"airplane,customer,key\n1,kim,a\n2,lee,b\n",
    "columns in another order": b"key,airplane,customer\na,1,kim\nb,2,lee\n",
    "names of columns as people write them": b"Key, Airplane, CUSTOMER\na,1,kim\nb,2,lee\n",
    "quoted values": b'"1","kim","a"\n"2","lee","b"\n',
    "TSV": b"1\tkim\ta\n2\tlee\tb\n",
    "TSV with the names of the columns": b"customer\tkey\tairplane\nkim\ta\t1\nlee\tb\t2\n",
    "JSON lines": (
        b'{"airplane":1,"customer":"kim","key":"a"}\n{"key":"b","airplane":"2","customer":"lee"}\n'
    ),
    "JSON below CSV": b'1,kim,a\n {"airplane":2,"customer":"lee","key":"b"}\n',
    "a byte order mark": b"\xef\xbb\xbf1,kim,a\n2,lee,b\n",
    "a byte order mark before names": b"\xef\xbb\xbfairplane,customer,key\n1,kim,a\n2,lee,b\n",
    "a byte order mark before JSON": (
        b'\xef\xbb\xbf{"airplane":1,"customer":"kim","key":"a"}\n2,lee,b\n'
    ),
    "lines that end as on Windows": b"airplane,customer,key\r\n1,kim,a\r\n2,lee,b\r\n",
    "blank lines": b"\n1,kim,a\n\r\n   \n2,lee,b\n\n\n",
    "blank lines before the names": b"\n\r\nkey,airplane,customer\na,1,kim\nb,2,lee\n",
    "no newline at the end": b"1,kim,a\n2,lee,b",
}


@pytest.mark.parametrize("contents", WAYS_TO_WRITE_IT.values(), ids=WAYS_TO_WRITE_IT)
def test_the_same_requests_however_they_are_written(inside: Inside, contents: bytes):
    told = "Imported: 2 accepted, 0 accepted before, 0 refused.\n"
    assert imported(inside, contents)[:3] == (0, told, NOBODY)
    assert requested(inside) == KIM_AND_LEE


NAMELESS = (
    *(b"1", b"1,", b"1,,", b"1, ", "1,\u3000".encode(), b"1\t\t", b'1,""', b'{"airplane":1}'),
    *(b'{"airplane":1,"customer":null}', b'{"airplane":1,"customer":""}'),
    b'{"airplane":1,"customer":"  "}',
)


def test_a_line_without_a_customer_is_refused(inside: Inside):
    answer = imported(inside, b"\n".join([*NAMELESS, b"1,kim,a"]), "--json")
    sentence = "The line names no customer: add the name, or say --customer."
    assert (answer.code, answer.document) == (
        4,
        {
            "accepted": 1,
            "repeated": 0,
            "refused": [
                {"line": line, "code": "usage", "message": sentence}
                for line in range(1, len(NAMELESS) + 1)
            ],
        },
    )
    korean = imported(inside, b"1\n", "--lang", "ko").err.splitlines()[0]
    assert korean == (
        "1번째 줄: 이 줄에 고객이 없습니다. 고객 이름을 적거나 --customer를 지정하세요."
    )
    assert requested(inside) == [(1, "kim", "a")]


def test_a_column_of_customers_may_be_missing_only_with_the_option(inside: Inside):
    lines = b"airplane,key\n2,a\n"
    assert imported(inside, lines, AIRBOOK_CUSTOMER="park").code == 4
    assert imported(inside, lines, "--customer", "lee").code == 0
    assert requested(inside) == [(2, "lee", "a")]


def test_the_customer_of_a_line_without_one_is_that_of_the_option(inside: Inside):
    answer = imported(inside, b"\n".join([*NAMELESS, b"1,lee"]), "--customer", "김철수", "--json")
    assert answer.document == {"accepted": len(NAMELESS) + 1, "repeated": 0, "refused": []}
    assert requested(inside) == [*[(1, "김철수", None)] * len(NAMELESS), (1, "lee", None)]


def test_a_zero_is_a_name_and_a_key_like_any_other(inside: Inside):
    lines = b'{"airplane":1,"customer":0,"key":0}\n{"airplane":0,"customer":0}\n2,0,0.0\n'
    imported(inside, lines)
    assert requested(inside) == [(1, "0", "0"), (2, "0", "0.0")]


def test_lines_without_a_key_are_reported(inside: Inside):
    answer = imported(inside, b"1,kim\n1,lee,a\n1,park\n")
    told = "Lines without a key: 2. Imported again, they ask for seats again.\n"
    assert answer.err == told + NOBODY


def test_what_is_imported_can_come_from_a_pipe(home: Home):
    answer = piped(home, b"1,kim,a\n2,lee,b", "import", "-", "-o", "json")
    assert answer == (0, b'{"accepted":2,"repeated":0,"refused":[]}\n', b"")
    assert requested(home) == KIM_AND_LEE


def piped(home: Home, contents: bytes, *words: str) -> tuple[int, bytes, bytes]:
    """Run a command with these bytes on a pipe; returns its answer."""
    done = subprocess.run(
        home.command(*words),
        input=contents,
        env=home.environment,
        cwd=home.folder,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("contents", [b"", b"\n", b"\xef\xbb\xbf", b"airplane,customer,key\n"])
def test_a_file_that_asks_for_nothing(inside: Inside, contents: bytes):
    told = "Imported: 0 accepted, 0 accepted before, 0 refused.\n"
    assert imported(inside, contents)[:3] == (0, told, NOBODY)
    assert not inside.json("events")


def test_a_file_in_which_nothing_can_be_read(inside: Inside):
    told = "Imported: 0 accepted, 0 accepted before, 1 refused.\n"
    spoken = "Line 1: 'x' is not a number of 1 to 9 digits.\n"
    assert imported(inside, b"x\n")[:3] == (4, told, spoken + NOBODY)


def test_each_format_has_the_same_contents(inside: Inside):
    lines = b"1,kim,a\nx\n"
    document = (
        '{{"accepted":{},"repeated":{},"refused":'
        '[{{"line":2,"code":"usage","message":"\'x\' is not a number of 1 to 9 digits."}}]}}\n'
    )
    spoken = "Line 2: 'x' is not a number of 1 to 9 digits.\n"
    table = "Imported: 0 accepted, 1 accepted before, 1 refused.\n"
    assert imported(inside, lines, "-o", "json")[:3] == (4, document.format(1, 0), "")
    assert imported(inside, lines, "-o", "jsonl")[:3] == (4, document.format(0, 1), "")
    assert imported(inside, lines, "-o", "table")[:3] == (4, table, spoken + NOBODY)
    assert imported(inside, lines, "-o", "plain")[:3] == (4, table, spoken + NOBODY)
    rows = imported(inside, lines, "-o", "csv")
    assert (rows.code, rows.out.splitlines()[0]) == (4, "accepted,repeated,refused")
