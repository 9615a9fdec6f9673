"""Lines that `import` cannot read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.cli.conftest import Inside
from tests.cli.imports import KIM_AND_LEE, LONG, NOBODY, NUMBER, imported, requested
from tests.support.answers import OBEYED, refused
from tests.support.stores import execute

JSON = "The line is not a JSON object of texts and numbers."


SHOWN = "{} has characters that cannot be shown."


COLUMNS = "The line has more than 3 columns."


UNREADABLE = "The line is neither JSON nor CSV."


REFUSED_LINES: Sequence[tuple[bytes | str, str]] = [
    (b"1e3", NUMBER.format("'1e3'")),
    (b"1_0", NUMBER.format("'1_0'")),
    ("１２".encode(), NUMBER.format("'１２'")),
    (b"+5", NUMBER.format("'+5'")),
    (b"-1", NUMBER.format("'-1'")),
    (b" 1", NUMBER.format("' 1'")),
    (b"1.0", NUMBER.format("'1.0'")),
    (b"1234567890", NUMBER.format("'1234567890'")),
    (b"0", "Numbers begin at 1."),
    (b",kim", NUMBER.format("''")),
    (b"kim,1", NUMBER.format("'kim'")),
    (b"1,kim,a,b", COLUMNS),
    (b"1" + b"," * 2000, COLUMNS),
    (b'1,"kim', UNREADABLE),
    (b'1,"kim"x', UNREADABLE),
    (b"1,kim\r2,lee", UNREADABLE),
    (b'{"airplane":1.0}', JSON),
    (b'{"airplane":1e3}', JSON),
    (b'{"airplane":true}', JSON),
    (b'{"airplane":[1]}', JSON),
    (b'{"airplane":NaN}', JSON),
    (b'{"airplane":01}', JSON),
    (b'{"airplane":1_0}', JSON),
    (b'{"airplane":1', JSON),
    (b'{"airplane":1}{"airplane":1}', JSON),
    (b'{"airplane":1,"customer":{"name":"kim"}}', JSON),
    (b'{"airplane":1,"customer":"\\ud800"}', JSON),
    (b'{"airplane":' + b"[" * 2000, JSON),
    (b'{"airplane":' * 300 + b"1" + b"}" * 300, JSON),
    (b'{"airplane":-1}', NUMBER.format("'-1'")),
    (b'{"airplane":"1_0"}', NUMBER.format("'1_0'")),
    ('{"airplane":"１２"}'.encode(), NUMBER.format("'１２'")),
    (b'{"airplane":1234567890123456789012345}', NUMBER.format("'1234567890123456789012345'")),
    (b'{"airplane":' + b"9" * 4000 + b"}", NUMBER.format(f"'{'9' * 40}…'")),
    (b"{}", NUMBER.format("''")),
    (b'{"airplane":null}', NUMBER.format("''")),
    (b'[{"airplane":1}]', NUMBER.format("'[{\"airplane\":1}]'")),
    (b'{"airplane":1,"seat":7}', "There is no 'seat'; there are airplane, customer, key."),
    (
        b'{"airplane":1,"\\u001b[31m":7}',
        "There is no '\\u001b[31m'; there are airplane, customer, key.",
    ),
    ("1,a\u202eb".encode(), SHOWN.format("'a\\u202eb'")),
    (b"1,\x1b[31mred", SHOWN.format("'\\u001b[31mred'")),
    (b"1,k\x00im", SHOWN.format("'k\\u0000im'")),
    (b"1,kim,\x7f", SHOWN.format("'\\u007f'")),
    (b'{"airplane":1,"customer":"\\u0000"}', SHOWN.format("'\\u0000'")),
    (b'{"airplane":1,"customer":"a\\nb"}', SHOWN.format("'a\\u000ab'")),
    (b"1," + b"k" * 81, "A name has 1 to 80 characters."),
    (b"1, ", "The line names no customer: add the name, or say --customer."),
    (b'{"airplane":1,"airplane":1,"customer":"kim"}', "'airplane' appears more than once."),
    (
        b'{"airplane":1,"customer":"kim","\\u0063ustomer":null}',
        "'customer' appears more than once.",
    ),
    (b'{"airplane":1,"key":"a","customer":"kim","key":"a"}', "'key' appears more than once."),
    ("1,\u200b\u3164".encode(), "A name needs a character that can be seen."),
    ("1,kim,\u2800".encode(), "A name needs a character that can be seen."),
    (b"1,kim," + b"k" * 81, "A name has 1 to 80 characters."),
    (b"1,\xff", "The line is not UTF-8."),
    (b"1,\xed\xa0\x80", "The line is not UTF-8."),
    (b"1,\xc0\x80", "The line is not UTF-8."),
    ("1,kim".encode("utf-16-le"), NUMBER.format("'1\\u0000'")),
    (b"1," + b"k" * 4095, LONG),
    (b"k" * 5_000_000, LONG),
    (
        b'{"airplane":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        "The line is longer than 4096 bytes.",
    ),
    ('{"airplane":1,"customer":"' + "가" * 70_000 + '"}', LONG),
]


def test_every_line_that_cannot_be_read_is_reported_and_the_rest_is_stored(inside: Inside):
    lines = [line.encode() if isinstance(line, str) else line for line, _ in REFUSED_LINES]
    answer = imported(inside, b"\n1,kim\n".join([b"", *lines, b""]), "--json")
    messages = [message for _, message in REFUSED_LINES]
    assert answer.code == 4
    assert answer.document == {
        "accepted": len(lines) + 1,
        "repeated": 0,
        "refused": [
            {"line": 2 * place + 1, "code": "usage", "message": message}
            for place, message in enumerate(messages, 1)
        ],
    }
    assert not OBEYED.search(answer.out)
    assert requested(inside) == [(1, "kim", None)] * (len(lines) + 1)


def test_refused_lines_are_printed_at_the_end(inside: Inside):
    answer = imported(inside, b"x\n1,kim,a\n1,\x1b,b\n2,lee,c\n")
    assert answer[:3] == (
        4,
        "Imported: 2 accepted, 0 accepted before, 2 refused.\n",
        "Line 1: 'x' is not a number of 1 to 9 digits.\n"
        "Line 3: '\\u001b' has characters that cannot be shown.\n" + NOBODY,
    )
    assert not OBEYED.search(answer.err)


@pytest.mark.parametrize(
    "names", ["airplane,order", "airplane,customer,key,seat", "Order\tAirplane"]
)
def test_an_unknown_column_is_refused(inside: Inside, names: str):
    answer = imported(inside, f"{names}\n1,a\n".encode(), "--json")
    unknown = "seat" if "seat" in names else "order"
    told = (
        '{"error":{"code":"unknown_column","message":'
        f"\"There is no '{unknown}'; there are airplane, customer, key.\","
        '"hint":"airbook import --help"}}\n'
    )
    assert answer[:3] == (4, "", told)
    assert not inside.json("events")


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ("airplane,customer,customer", "customer"),
        ("Airplane, AIRPLANE ,customer", "airplane"),
        ("key\tairplane\tcustomer\tkey", "key"),
    ],
)
def test_a_column_that_appears_twice_is_refused(inside: Inside, names: str, name: str):
    answer = imported(inside, f"{names}\n1,2,kim\n".encode())
    sentence = f"'{name}' appears more than once."
    assert (answer.code, refused(answer)) == (4, [sentence, "hint: airbook import --help"])
    assert not inside.json("events")


def test_only_the_first_line_may_name_columns(inside: Inside):
    answer = imported(inside, b"1,kim,a\nkey,airplane,customer\n2,lee,b\n")
    told = "Line 2: 'key' is not a number of 1 to 9 digits.\n"
    assert answer.err == told + NOBODY
    assert requested(inside) == KIM_AND_LEE


def test_a_customer_may_be_called_airplane(inside: Inside):
    assert imported(inside, b"1,airplane,key\n2,lee,b\n").code == 0
    assert requested(inside) == [(1, "airplane", "key"), (2, "lee", "b")]


def test_a_name_is_the_same_in_both_ways_of_writing_it(inside: Inside):
    imported(inside, "1,\u1112\u1161\u11ab\n1,한\n".encode())
    assert requested(inside) == [(1, "한", None), (1, "한", None)]
    assert execute(inside.store, "SELECT count(*) FROM customers") == [(1,)]
