"""A file that is taken away, replaced or linked is noticed at every commit and every wait."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import Stream
from airbook.eventlog.rows import EventRow, Rows
from airbook.eventlog.sqlite.opened_file import OpenedFile
from airbook.eventlog.subscription import ticks
from tests.support.stores import by_hand, open_log, recorder_of
from tests.support.stories import StoryEvent, record


def take_away(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replace(path: Path) -> None:
    take_away(path)
    with open_log(path):
        pass


def backup(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("VACUUM INTO ?", [str(path.with_name("backup.db"))])


def replace_by_backup(path: Path) -> None:
    take_away(path)
    path.with_name("backup.db").rename(path)


def take_folder_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def take_wal_away(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def link(path: Path) -> None:
    path.with_name("other.db").hardlink_to(path)


GONE = [
    (take_away, "store_gone"),
    (replace, "store_gone"),
    (take_folder_away, "store_gone"),
    (take_wal_away, "store_wal_gone"),
]


def airplane(number: int) -> StoryEvent:
    return StoryEvent(Stream("airplane", number), AirplaneCreated(seats=5))


def refuses(code: str, work: Callable[[], object]) -> None:
    with pytest.raises(StoreError) as raised:
        work()
    assert raised.value.code == code


@pytest.mark.parametrize(("fault", "code"), [*GONE, (link, "store_linked")])
def test_nothing_is_acknowledged(
    log: Log, path: Path, fault: Callable[[Path], None], code: str
) -> None:
    record(log, airplane(1))
    fault(path)
    row = EventRow(2, "airplane-2", 1, "AirplaneCreated.v1", b"{}")
    refuses(code, lambda: record(log, airplane(2)))
    refuses(code, lambda: log.insert(Rows(events=[row])))
    refuses(code, lambda: log.retry(1))


@pytest.mark.parametrize(("fault", "code"), GONE)
def test_a_file_that_goes_during_a_commit(
    log: Log,
    path: Path,
    fault: Callable[[Path], None],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record(log, airplane(1))
    datastore = vars(recorder_of(log))["datastore"]
    check = datastore.file.check_name

    def check_then_go() -> None:
        check()
        fault(path)

    monkeypatch.setattr(datastore.file, "check_name", check_then_go)
    refuses(code, lambda: record(log, airplane(2)))


@pytest.mark.parametrize(("fault", "code"), GONE)
def test_whoever_waits_for_the_log_to_grow_is_told(
    log: Log, path: Path, fault: Callable[[Path], None], code: str
) -> None:
    with closing(ticks(log, stop=lambda: False, seconds=lambda: 0.001)) as ticking:
        assert next(ticking)
        assert not next(ticking)
        fault(path)
        refuses(code, lambda: next(ticking))


def test_a_replaced_file_is_gone_for_those_who_opened_it_before(log: Log, path: Path) -> None:
    take_away(path)
    with open_log(path) as another:
        refuses("store_gone", log.diagnostics.check_is_there)
        another.diagnostics.check_is_there()


@pytest.mark.parametrize("opened", ["airbook.db", "other.db"])
def test_a_file_with_two_names_is_refused_until_one_is_removed(
    log: Log, path: Path, opened: str
) -> None:
    log.close()
    link(path)
    refuses("store_linked", lambda: open_log(path.with_name(opened)).__enter__())
    path.with_name("other.db").unlink()
    with open_log(path) as found:
        assert found.head() == 0


def test_a_program_that_reads_a_new_file_meanwhile_and_closes_it_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, note = tmp_path / "new.db", OpenedFile.note_wal

    def read_meanwhile(file: OpenedFile) -> None:
        with closing(sqlite3.connect(path)) as reader:  # removes the -wal if it is the last one
            reader.execute("SELECT * FROM sqlite_schema").fetchall()
            if (wal := Path(f"{path}-wal")).exists():
                kept.enter_context(wal.open("rb"))  # so that no other file is given its number
            note(file)

    monkeypatch.setattr(OpenedFile, "note_wal", read_meanwhile)
    with ExitStack() as kept, open_log(path) as log:
        record(log, airplane(1))
        assert log.head() == 1


def test_what_a_removed_write_ahead_log_held_is_kept_by_the_program_that_has_it_open(
    log: Log, path: Path
) -> None:
    record(log, airplane(1))
    take_wal_away(path)
    refuses("store_wal_gone", lambda: open_log(path).__enter__())
    log.close()
    with open_log(path) as found:
        assert found.head() == 1


def test_a_write_ahead_log_that_was_removed_after_a_crash(log: Log, path: Path) -> None:
    record(log, airplane(1))
    crashed = path.with_name("crashed")
    crashed.mkdir()
    for file in path.parent.glob(f"{path.name}*"):
        if file.is_file():
            shutil.copy(file, crashed)
    copy = crashed / path.name
    wal = Path(f"{copy}-wal").rename(crashed / "kept")
    refuses("store_wal_gone", lambda: open_log(copy).__enter__())
    wal.rename(f"{copy}-wal")
    with open_log(copy) as found:
        assert found.head() == 1


def test_opening_and_closing_many_times_raises_no_alarm(path: Path) -> None:
    for number in range(1, 20):
        with open_log(path) as found, by_hand(path):
            record(found, airplane(number))
            found.diagnostics.check_is_there()
    assert not os.path.exists(f"{path}-wal")  # noqa: PTH110


@pytest.mark.parametrize("fault", [take_away, replace_by_backup])
def test_what_was_written_to_a_file_that_was_moved_is_in_it_and_nowhere_else(
    log: Log, path: Path, fault: Callable[[Path], None]
) -> None:
    backup(path)
    record(log, airplane(1))
    fault(path)
    log.close()
    assert not Path(f"{path}-wal").exists()
    with open_log(path.with_name("elsewhere.db")) as moved:
        assert moved.head() == 1
    with open_log(path) as found:
        assert (found.head(), found.diagnostics.complaints()) == (0, [])
