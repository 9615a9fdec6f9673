"""A copy that was killed is refused by daemons and writers until the next copy has verified it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.maintenance.copying import copy
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError
from tests.faults.promises import says_one_sentence
from tests.faults.trace import Call, calls_of, some_of, struck
from tests.support.home import Home
from tests.support.stores import everything_in

EVENTS = 2_301  # more than two batches


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> SQLiteStore:
    """Create a store of several batches, with keys and customers."""
    store = SQLiteStore(tmp_path_factory.mktemp("original") / "airbook.db")
    home = Home(store.path.parent)
    lines = b"".join(b"1,customer %d,key %d\n" % (one, one) for one in range(1, EVENTS))
    (home.folder / "requests").write_bytes(lines)
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
    assert home.here("import", "requests", AIRBOOK_STORE=store.url).code == 0
    return store


def copying(original: SQLiteStore, target: Store) -> tuple[str, ...]:
    url = target.url if isinstance(target, SQLiteStore) else vars(target)["secret_url"]
    return ("store", "copy", "--from", original.url, "--to", url)


def same_but_identity(one: Store, other: Store) -> bool:
    first, second = everything_in(one), everything_in(other)
    return {name for name in first if sorted(first[name]) != sorted(second[name])} == {"identity"}


def is_refused(home: Home) -> None:
    """Check that nobody writes or decides, and that readers are told why."""
    before = everything_in(home.kept)
    for words in (
        ("reserve", "1", "--customer", "kim"),
        ("admin", "add-plane", "--seats", "1"),
        ("daemon", "--until-idle"),
        ("daemon",),
    ):
        done = home.run(*words)
        says_one_sentence(done, hint="airbook store copy --help")
        assert "unfinished copy" in done.err
    assert everything_in(home.kept) == before
    sentence = "The store is an unfinished copy: complete it with airbook store copy.\n"
    assert home.here("status", "-o", "table").out.endswith(sentence)
    assert home.here("store", "status", "-o", "table").out.endswith(sentence)
    assert home.json("status")["unfinished"]
    assert home.json("store", "status")["unfinished"]
    for words in (("doctor",), ("store", "check")):
        report = home.here(*words, "-o", "json")
        codes = [one["code"] for one in report.document["findings"]]
        assert (report.code, "unfinished_copy" in codes) == (8, True)


def test_a_copy_is_killed_at_its_writes(original: SQLiteStore, tmp_path: Path) -> None:
    first = Home(tmp_path / "first")
    words = copying(original, first.kept)
    calls = calls_of(first, words)
    refused = 0
    for number, call in enumerate(some_of(calls, 10)):
        home = Home(tmp_path / str(number))
        words = copying(original, home.kept)
        assert struck(home, words, Call(*call), "signal=SIGKILL").code == -signal.SIGKILL
        if home.kept.is_made() and home.here("store", "status", "-o", "json").code == 0:
            status = home.json("store", "status")
            if status["position"]:
                assert status.get("unfinished") or same_but_identity(original, home.kept)
            if status.get("unfinished"):
                refused += 1
                if refused == 2:
                    is_refused(home)
        assert home.json(*words)["events"] == EVENTS
        assert "unfinished" not in home.json("store", "status")
        assert same_but_identity(original, home.kept)
        assert home.here("reserve", "1", "--customer", "kim").code == 0
    assert refused >= 5


def test_a_copy_is_killed_between_two_batches(original: SQLiteStore, home: Home) -> None:
    words = copying(original, home.kept)
    home.kept.create()
    with home.airbook() as target, Airbook(original) as source:
        target.create_if_missing()
        next(copy(source.log, target.log))  # what a process does until it is killed
        assert target.log.head() == 1_000
    is_refused(home)
    assert home.json(*words)["events"] == EVENTS
    assert home.here("reserve", "1", "--customer", "kim").code == 0
    assert home.here("doctor").code == 0


def test_a_writer_that_came_before_the_copy_is_refused(original: SQLiteStore, store: Store) -> None:
    with Airbook(store) as before, Airbook(store) as target, Airbook(original) as source:
        before.create_if_missing()
        assert before.log.head() == 0
        steps = copy(source.log, target.log)
        next(steps)
        with pytest.raises(StoreError) as raised:
            before.execute(Reserve(1, "kim"))
        assert raised.value.code == "store_unfinished"
        while next(steps, None):
            pass
        assert before.execute(Reserve(1, "kim")).number == EVENTS


def test_an_unfinished_copy_is_not_copied(original: SQLiteStore, tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.airbook() as target, Airbook(original) as source:
        target.create_if_missing()
        next(copy(source.log, target.log))
    other = SQLiteStore(tmp_path / "other.db")
    done = home.here("store", "copy", "--from", home.kept.url, "--to", other.url)
    says_one_sentence(done)
    assert not other.is_made()


def test_a_store_in_use_is_not_marked_by_a_copy_that_is_refused(
    original: SQLiteStore, store: Store
) -> None:
    with Airbook(store) as target, Airbook(original) as source:
        target.create_if_missing()
        target.execute(CreateAirplane(5))
        with pytest.raises(Refused):
            next(copy(source.log, target.log))
        assert target.execute(Reserve(1, "kim")).number == 1
