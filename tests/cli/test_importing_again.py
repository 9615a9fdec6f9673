"""Importing again, in few commits, and after a kill or an interrupt."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.cli.commands.request_lines import Lines
from airbook.eventlog.records import Receipt
from tests.cli.conftest import Inside
from tests.cli.imports import KIM_AND_LEE, LONG, NUMBER, imported, requested
from tests.support.home import PATIENCE, Home
from tests.support.stores import everything_in, execute, transactions


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
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'keys'"
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
    keys = execute(home.store, "SELECT key, number FROM keys ORDER BY number")
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
