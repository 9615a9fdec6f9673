"""`store copy` moves a log to another store."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from tests.cli.conftest import Inside
from tests.cli.store_urls import url_of
from tests.support.answers import Answer, refused
from tests.support.home import Home
from tests.support.stores import everything_in, execute


@pytest.fixture
def company(inside: Inside) -> Inside:
    """Create a store with decided, cancelled and pending reservations."""
    inside("admin", "add-plane", "--seats", "2", "--name", "대한항공")
    requests = "".join(f"1,고객 {one},order-{one}\n" for one in range(1, 5))
    (inside.folder / "requests").write_text(requests, "utf-8")
    inside("import", "requests")
    inside("daemon", "--until-idle")
    inside("cancel", "1")
    inside("reserve", "1", "--key", "late", "--customer", "kim")
    return inside


def copied(inside: Inside, source: str, target: str) -> Answer:
    """Copy a store."""
    return inside("store", "copy", "--from", source, "--to", target, "--json")


def decisions(inside: Inside, url: str) -> list[tuple[str, str]]:
    """List the decisions in the order of the reservations."""
    decided = {"ReservationApproved", "ReservationRejected"}
    events = inside.json("events", AIRBOOK_STORE=url)
    return [(one["stream"], one["type"]) for one in events if one["type"] in decided]


def test_after_two_copies_the_store_works_as_before(company: Inside, database: str, tmp_path: Path):
    source, back = f"sqlite:///{company.store}", f"sqlite:///{tmp_path}/back/airbook.db"
    before = company.json("events", AIRBOOK_STORE=source)
    first, second = copied(company, source, database), copied(company, database, back)
    assert (first.code, first.err, first.out) == (0, "", second.out)
    summary = first.document
    assert re.fullmatch("sha256:[0-9a-f]{64}", summary.pop("digest"))
    assert summary == {"events": 13, "keys": 5, "customers": 5}
    decided = decisions(company, source)
    for url in (database, back):
        where = {"AIRBOOK_STORE": url}
        assert company.json("events", **where) == before
        again = company.json("reserve", "1", "--key", "late", "--customer", "kim", **where)
        assert (again["id"], again["status"]) == (5, "received")
        assert company("daemon", "--until-idle", **where).code == 0
        assert decisions(company, url) == [*decided, ("reservation-5", "ReservationApproved")]
        assert company.json("show", "5", **where)["seat"] == 1
        assert company.json("reserve", "1", "--key", "next", **where)["id"] == 6
        assert company.json("admin", "add-plane", "--seats", "1", **where)["id"] == 2
        assert company.json("doctor", **where)["findings"] == []


def test_copying_again_continues_and_prints_the_same(company: Inside, unmade: Store):
    source, target = f"sqlite:///{company.store}", url_of(unmade)
    sentence = "Copied and verified: {} events, {} keys, {} customers.\n"
    words = ("store", "copy", "--from", source, "--to", target, "-o", "table")
    assert company(*words)[:3] == (0, sentence.format(13, 5, 5), "")
    assert company(*words)[:3] == (0, sentence.format(13, 5, 5), "")
    company("daemon", "--until-idle")
    company("reserve", "1", "--key", "next", "--customer", "lee")
    assert company(*words)[:3] == (0, sentence.format(17, 6, 6), "")
    assert company.json("events", AIRBOOK_STORE=target) == company.json("events")


def test_a_store_with_events_of_its_own_is_not_a_target(company: Inside, unmade: Store):
    target = url_of(unmade)
    company("store", "init", AIRBOOK_STORE=target)
    company("reserve", "7", AIRBOOK_STORE=target)
    before = everything_in(unmade)
    answer = copied(company, f"sqlite:///{company.store}", target)
    sentence = "The store to copy to holds events of its own: copy to an empty one."
    told = f'{{"error":{{"code":"store_not_empty","message":"{sentence}","hint":null}}}}\n'
    assert answer[:3] == (4, "", told)
    assert everything_in(unmade) == before


def test_a_missing_source_creates_no_target(inside: Inside, unmade: Store, tmp_path: Path):
    source = f"sqlite:///{tmp_path}/nowhere/airbook.db"
    answer = copied(inside, source, url_of(unmade))
    assert (answer.code, '"code":"store_missing"' in answer.err) == (7, True)
    assert inside("store", "status", AIRBOOK_STORE=url_of(unmade)).code == 7
    assert not (tmp_path / "nowhere").exists()


def test_a_server_without_a_store_is_no_source(inside: Inside, database: str, tmp_path: Path):
    answer = copied(inside, database, f"sqlite:///{tmp_path}/target/airbook.db")
    assert (answer.code, '"code":"store_missing"' in answer.err) == (7, True)
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--from", "sqlite:///a"],
        ["--to", "sqlite:///a"],
        ["--from", "mysql://a", "--to", "sqlite:///b"],
        ["--from", "sqlite:///a", "--to", "/b"],
        ["--from", "sqlite:///a", "--to", "sqlite:///\0"],
    ],
)
def test_a_copy_needs_two_places(inside: Inside, words: list[str]):
    answer = inside("store", "copy", *words)
    assert (answer.code, len(refused(answer))) == (2, 2)
    assert list(inside.folder.iterdir()) == []


@pytest.mark.parametrize("least", [1, 2_500, 5_000])
def test_a_copy_that_was_killed_is_finished_by_the_next(home: Home, tmp_path: Path, least: int):
    lines = b"".join(b"1,customer %d,key %d\n" % (one, one) for one in range(5_000))
    (home.folder / "requests").write_bytes(lines)
    home("import", "requests")
    target = SQLiteStore(tmp_path / "target" / "airbook.db")
    words = ("store", "copy", "--from", f"sqlite:///{home.store}", "--to", target.url)
    with home.running(*words) as process:
        while not process.has_ended() and events_in(target) < least:
            pass
        assert process.kill().code in {-signal.SIGKILL, 0}
    assert home.json(*words)["events"] == 5_000
    one, other = everything_in(home.store), everything_in(target)
    assert {name for name in one if sorted(one[name]) != sorted(other[name])} == {"identity"}


def events_in(store: SQLiteStore) -> int:
    """Count the events; 0 while there is no store."""
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'stored_events'"
    if not store.path.exists() or execute(store, there) == [(0,)]:
        return 0
    ((count,),) = execute(store, "SELECT count(*) FROM stored_events")
    return int(count)


@pytest.mark.parametrize("words", [["init"], ["status"], ["check"]])
def test_the_output_in_korean(company: Inside, words: list[str]):
    answer = company("store", *words, "-o", "table", "--lang", "ko")
    assert answer.code == 0
    assert any("가" <= letter <= "힣" for letter in answer.out)


def test_a_copy_in_korean(company: Inside, tmp_path: Path):
    source, target = f"sqlite:///{company.store}", f"sqlite:///{tmp_path}/target/airbook.db"
    words = ("store", "copy", "--from", source, "--to", target, "-o", "table", "--lang", "ko")
    assert any("가" <= letter <= "힣" for letter in company(*words).out)
