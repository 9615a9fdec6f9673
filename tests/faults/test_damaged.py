"""Damaged files are reported in one sentence, and nothing is written to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults.killing import SCENES, set_up
from tests.faults.promises import (
    Acknowledged,
    is_healthy,
    keeps_its_promises,
    nothing_is_lost,
    says_one_sentence,
)
from tests.support.home import Home

PAGE = 4096
GARBAGE = Random(20_261_122).randbytes(20 * PAGE)
Begun = tuple[Home, Acknowledged]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    return set_up(SCENES["more decisions"], tmp_path_factory.mktemp("before"))


@pytest.fixture
def begun(before: Begun, tmp_path: Path) -> Begun:
    home, acknowledged = before
    return home.copy(tmp_path), acknowledged


def without_its_header(file: Path) -> None:
    overwrite(file, 0, GARBAGE[:100])


def with_two_pages_of_garbage(file: Path) -> None:
    overwrite(file, PAGE, GARBAGE[: 2 * PAGE])  # the first of them is a map of pages in the views


def with_many_pages_of_garbage(file: Path) -> None:
    overwrite(file, 4 * PAGE, GARBAGE)


def cut_off(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(5_000)


def of_garbage(file: Path) -> None:
    file.write_bytes(GARBAGE)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_link_to_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parent / "no such folder" / file.name)


def a_link_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def overwrite(file: Path, offset: int, contents: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(contents)


DAMAGES = [
    without_its_header,
    with_two_pages_of_garbage,
    cut_off,
    of_garbage,
    a_folder,
    a_link_to_nowhere,
    a_link_to_itself,
]


def contents(file: Path) -> bytes | str:
    return (
        str(file.readlink()) if file.is_symlink() else file.read_bytes() if file.is_file() else ""
    )


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_log(damage: Callable[[Path], None], begun: Begun) -> None:
    home, acknowledged = begun
    whole, views = home.store.read_bytes(), home.views.read_bytes()
    damage(home.store)
    damaged = contents(home.store)
    for words in (("reserve", "1"), ("admin", "add-plane", "--seats", "1")):
        says_one_sentence(home.here(*words))
    doctor = home.here("doctor")
    if doctor.code != 8:  # the file can be opened: the doctor lists what is wrong with it
        says_one_sentence(doctor)
    says_one_sentence(home.run("daemon", "--until-idle"))
    assert contents(home.store) == damaged
    remove(home.store)
    home.store.write_bytes(whole)
    home.store.chmod(0o600)
    assert home.views.read_bytes() == views
    keeps_its_promises(home, acknowledged)


@pytest.mark.parametrize("page", range(1, 13))
def test_damage_anywhere_in_the_log_is_found(page: int, begun: Begun) -> None:
    home, _ = begun
    assert home.store.stat().st_size == 13 * PAGE
    overwrite(home.store, page * PAGE, GARBAGE[: PAGE // 2])
    for words in (("reserve", "1"), ("planes",), ("my-page", "--all"), ("cancel", "2")):
        done = home.here(*words)
        if done.code != 0:  # the command has read the page
            says_one_sentence(done)
    assert home.here("doctor").code in {1, 8}


@pytest.mark.parametrize("garbage", [b"", b"\0" * 100, GARBAGE], ids=["empty", "zeros", "noise"])
def test_a_write_ahead_log_of_garbage_is_none(garbage: bytes, begun: Begun) -> None:
    home, acknowledged = begun
    for wal in (f"{home.store}-wal", f"{home.views}-wal"):
        Path(wal).write_bytes(garbage)
        Path(wal).chmod(0o600)
    keeps_its_promises(home, acknowledged)


@pytest.mark.parametrize("damage", [*DAMAGES[:4], with_many_pages_of_garbage])
def test_damaged_views_are_rebuilt(damage: Callable[[Path], None], begun: Begun) -> None:
    home, acknowledged = begun
    damage(home.views)
    assert home.here("reserve", "1").code == 0
    says_one_sentence(home.here("planes"), hint="airbook views rebuild")
    doctor = home.here("doctor")
    assert (doctor.code, doctor.out.partition("\t")[0]) == (8, "views_damaged")
    assert doctor.out.endswith("Rebuild the views: airbook views rebuild\n")
    rebuilt = home.here("views", "rebuild")
    assert (rebuilt.code, rebuilt.err) == (0, ""), rebuilt
    is_healthy(home)
    assert home.run("daemon", "--until-idle").code == 0
    nothing_is_lost(home, acknowledged)


@pytest.mark.parametrize("damage", DAMAGES[:4])
def test_a_daemon_continues_to_decide_and_rebuilds_damaged_views(
    damage: Callable[[Path], None], begun: Begun
) -> None:
    home, acknowledged = begun
    damage(home.views)
    assert home.run("daemon", "--until-idle").code == 0
    is_healthy(home)
    nothing_is_lost(home, acknowledged)


@pytest.mark.parametrize("damage", DAMAGES[4:])
def test_something_else_in_place_of_the_views(damage: Callable[[Path], None], begun: Begun) -> None:
    home, acknowledged = begun
    damage(home.views)
    says_one_sentence(home.here("planes"), hint="airbook config show")
    remove(home.views)
    keeps_its_promises(home, acknowledged)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink()


def test_a_folder_in_place_of_the_lease(begun: Begun) -> None:
    home, acknowledged = begun
    home.lease.unlink(missing_ok=True)
    home.lease.mkdir()
    assert home.here("reserve", "1").code == 0
    says_one_sentence(home.run("daemon", "--until-idle"), hint="airbook config show")
    home.lease.rmdir()
    keeps_its_promises(home, acknowledged)
