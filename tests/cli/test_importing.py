"""Importing a file of requests: accepted lines, refused lines and repeated keys."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.cli.commands.request_lines import Lines
from airbook.eventlog.records import Receipt
from tests.cli.conftest import Inside
from tests.support.answers import OBEYED, Answer, refused
from tests.support.home import PATIENCE, Home
from tests.support.stores import everything_in, execute, transactions

NOBODY = "No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"
KIM_AND_LEE = [(1, "kim", "a"), (2, "lee", "b")]
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


def imported(inside: Inside, contents: bytes, *words: str, **settings: str) -> Answer:
    """Import a file with these contents."""
    (inside.folder / "requests").write_bytes(contents)
    return inside("import", "requests", *words, **settings)


def requested(home: Home) -> list[tuple[int, str, str | None]]:
    """Return airplane, customer and key of every reservation in the store."""
    keys: dict[int, str] = dict(execute(home.store, "SELECT number, key FROM commands"))
    return [
        (one["airplane"], one["customer"], keys.get(one["id"]))
        for one in sorted(home.json("my-page", "--all"), key=lambda one: int(one["id"]))
    ]


@pytest.mark.parametrize("contents", WAYS_TO_WRITE_IT.values(), ids=WAYS_TO_WRITE_IT)
def test_the_same_requests_however_they_are_written(inside: Inside, contents: bytes):
    told = "Imported: 2 accepted, 0 accepted before, 0 refused.\n"
    assert imported(inside, contents)[:3] == (0, told, NOBODY)
    assert requested(inside) == KIM_AND_LEE


def test_the_customer_of_a_line_without_one(inside: Inside):
    lines = b'1\n1,\n1,,a\n{"airplane":1}\n{"airplane":1,"customer":null}\n'
    imported(inside, lines)
    imported(inside, b"airplane\n2\n", AIRBOOK_CUSTOMER="park")
    nobody_said = [(1, "me", key) for key in (None, None, "a", None, None)]
    assert requested(inside) == [*nobody_said, (2, "park", None)]


def test_a_zero_is_a_name_and_a_key_like_any_other(inside: Inside):
    imported(inside, b'{"airplane":1,"customer":0,"key":0}\n{"airplane":0}\n2,0,0.0\n')
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


NUMBER = "{} is not a number of 1 to 9 digits."
JSON = "The line is not a JSON object of texts and numbers."
SHOWN = "{} has characters that cannot be shown."
COLUMNS = "The line has more than 3 columns."
LONG = "The line is longer than 4096 bytes."
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
    (b"1, ", "A name has 1 to 80 characters."),
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


def test_the_last_value_of_a_repeated_json_key_counts(inside: Inside):
    imported(inside, b'{"airplane":1,"customer":"kim","airplane":2,"customer":"lee"}')
    assert requested(inside) == [(2, "lee", None)]


@pytest.mark.parametrize(
    "names", ["airplane,order", "airplane,customer,key,seat", "Order\tAirplane"]
)
def test_an_unknown_column_is_refused(inside: Inside, names: str):
    answer = imported(inside, f"{names}\n1,a\n".encode(), "--json")
    unknown = "seat" if "seat" in names else "order"
    told = (
        '{"error":{"code":"unknown_column","message":'
        f'"There is no \'{unknown}\'; there are airplane, customer, key.","hint":null}}}}\n'
    )
    assert answer[:3] == (4, "", told)
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


@pytest.mark.parametrize("file", ["nowhere", "folder", "", "a\nb", "\udcff", "x" * 5_000])
def test_an_unreadable_file_is_a_usage_error_and_creates_no_store(inside: Inside, file: str):
    (inside.folder / "folder").mkdir()
    answer = inside("import", file)
    told, *hint = refused(answer)
    assert (answer.code, hint) == (2, ["hint: airbook import --help"])
    assert told.startswith("The file '")
    assert told.endswith("' cannot be read.")
    assert not inside.store.exists()


def test_a_file_without_permission(home: Home):
    (home.folder / "secret").touch(mode=0)
    less = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    ran = subprocess.run(
        [*(less if os.geteuid() == 0 else []), *home.command("import", "secret")],
        env=home.environment,
        cwd=home.folder,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    told = b"The file 'secret' cannot be read.\nhint: airbook import --help\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, b"", told)


def test_a_closed_standard_input_asks_for_nothing(home: Home):
    command = " ".join(map(str, home.command("import", "-", "--json")))
    shell = ["sh", "-c", f"{command} <&-"]
    environment = home.environment
    ran = subprocess.run(shell, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    told = b'{"accepted":0,"repeated":0,"refused":[]}\n'
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, told, b"")


def test_importing_again_under_the_same_keys_accepts_nothing_twice(inside: Inside):
    lines = b"".join(b"1,customer %d,key %d\n" % (one % 7, one) for one in range(1_200))
    first = imported(inside, lines, "--json")
    before = everything_in(inside.store)
    again = imported(inside, lines, "--json")
    assert first.document == {"accepted": 1_200, "repeated": 0, "refused": []}
    assert again.document == {"accepted": 0, "repeated": 1_200, "refused": []}
    assert everything_in(inside.store) == before


def test_importing_into_a_server(inside: Inside, database: str):
    lines = b"x\n" + b"".join(b"1,customer %d,%d\n" % (one % 7, one) for one in range(1_200))
    refused = [{"line": 1, "code": "usage", "message": NUMBER.format("'x'")}]
    where = {"AIRBOOK_STORE": database}
    assert imported(inside, lines, **where).code == 7
    inside("store", "init", **where)
    first, again = (imported(inside, lines, "--json", **where) for _ in range(2))
    assert first.document == {"accepted": 1_200, "repeated": 0, "refused": refused}
    assert again.document == {"accepted": 0, "repeated": 1_200, "refused": refused}
    assert len(inside.json("my-page", "--all", **where)) == 1_200


def test_a_key_twice_in_one_file_is_one_reservation(inside: Inside):
    answer = imported(inside, b"1,kim,a\n1,kim,a\n", "--json")
    assert answer.document == {"accepted": 1, "repeated": 1, "refused": []}
    assert requested(inside) == [(1, "kim", "a")]


def test_a_key_used_for_something_else_is_refused_and_the_rest_is_stored(inside: Inside):
    imported(inside, b"1,kim,a\n")
    answer = imported(inside, b"1,lee,b\n2,kim,a\n1,lee,a\n1,kim,a\n2,park,b\n1,park,c\n", "--json")
    message = "The key {} was used before, with other contents."
    assert (answer.code, answer.document) == (
        4,
        {
            "accepted": 2,
            "repeated": 1,
            "refused": [
                {"line": line, "code": "key_reused", "message": message.format(key)}
                for line, key in ((2, "a"), (3, "a"), (5, "b"))
            ],
        },
    )
    assert requested(inside) == [(1, "kim", "a"), (1, "lee", "b"), (1, "park", "c")]


def test_the_output_in_korean(inside: Inside):
    answer = imported(inside, "1,김철수\nx\n".encode(), "--lang", "ko")
    assert all(any("가" <= letter <= "힣" for letter in line) for line in answer.err.splitlines())
    assert any("가" <= letter <= "힣" for letter in answer.out)
    assert requested(inside) == [(1, "김철수", None)]


def test_the_lines_that_have_arrived_are_stored_in_few_commits(store: Store, tmp_path: Path):
    file = tmp_path / "requests"
    file.write_bytes(b"".join(b"1,kim,key %d\n" % one for one in range(3_000)))
    with Airbook(store) as airbook:
        airbook.create_if_missing()
        airbook.log.head()
        before = transactions(store)
        with file.open("rb") as opened:
            batches = list(Lines(opened.fileno(), "me").reserve(airbook))
        receipts = [answer.outcome for batch in batches for answer in batch]
        assert receipts == [Receipt(number, number) for number in range(1, 3_001)]
        assert transactions(store) - before == 6


def started(home: Home, *words: str) -> subprocess.Popen[bytes]:
    """Start a command that reads from a pipe."""
    return subprocess.Popen(
        home.command(*words),
        env=home.environment,
        cwd=home.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def fed(process: subprocess.Popen[bytes], contents: bytes) -> None:
    """Write these bytes to a process, and leave its input open."""
    assert process.stdin is not None
    process.stdin.write(contents)
    process.stdin.flush()


def stored(home: Home, least: int) -> int:
    """Wait for at least `least` reservations; returns their number."""
    deadline = time.monotonic() + PATIENCE
    while (count := count_of(home)) < least:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return count


def count_of(home: Home) -> int:
    """Count the reservations; 0 while there is no store."""
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'commands'"
    if not home.store.exists() or execute(home.store, there) == [(0,)]:
        return 0
    ((count,),) = execute(home.store, "SELECT count(*) FROM stored_events")
    return int(count)


@pytest.mark.parametrize("least", [1, 600, 1_900])
def test_a_killed_import_that_is_repeated_has_one_reservation_for_each_key(home: Home, least: int):
    lines = [b"1,customer %d,key %04d\n" % (one % 9, one) for one in range(3_000)]
    contents = b"".join(lines)
    (home.folder / "requests").write_bytes(contents)
    with started(home, "import", "-") as process:
        fed(process, b"".join(lines[:2_000]) + lines[2_000][:-3])
        before = stored(home, least)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    answer = home.json("import", "requests")
    repeated = answer.pop("repeated")
    assert answer == {"accepted": 3_000 - repeated, "refused": []}
    assert before <= repeated <= 2_000
    keys = execute(home.store, "SELECT key, number FROM commands ORDER BY number")
    assert keys == [(f"key {one:04}", one + 1) for one in range(3_000)]
    streams = execute(home.store, "SELECT originator_id FROM stored_events ORDER BY rowid")
    assert streams == [(f"reservation-{one + 1}",) for one in range(3_000)]


def test_an_interrupted_import_prints_its_counts_and_keeps_what_was_stored(home: Home):
    with started(home, "import", "-") as process:
        fed(process, b"1,kim,a\n2,lee,b\n3,par")
        stored(home, 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    told = b"Imported: %d accepted, 0 accepted before, 0 refused.\n"
    assert (process.returncode, err) == (130, b"")
    assert out in {b"", told % 1, told % 2}  # the last request may be stored but not counted yet
    assert requested(home) == KIM_AND_LEE


def test_lines_are_stored_while_the_writer_goes_on(home: Home):
    with started(home, "import", "-", "--json") as process:
        for number in range(1, 6):
            fed(process, b"1,kim,%d\n" % number)
            assert stored(home, number) == number
        out, err = process.communicate(timeout=PATIENCE)
    told = b'{"accepted":5,"repeated":0,"refused":[]}\n'
    assert (process.returncode, out, err) == (0, told, b"")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_line_may_come_in_any_pieces(inside: Inside, monkeypatch: pytest.MonkeyPatch, size: int):
    monkeypatch.setattr("airbook.cli.commands.request_lines.CHUNK_BYTES", size)
    lines = "\ufeffairplane,customer\r\n1,한국\n" + "k" * 5_000 + "\n2,lee"
    answer = imported(inside, lines.encode(), "--json")
    refused = [{"line": 3, "code": "usage", "message": LONG}]
    assert answer.document == {"accepted": 2, "repeated": 0, "refused": refused}
    assert requested(inside) == [(1, "한국", None), (2, "lee", None)]
