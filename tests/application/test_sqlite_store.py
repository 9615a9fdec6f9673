"""The files of a store in files: one real file, one set of companions, no shared names."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from tests.support.stores import by_hand


def test_a_link_to_a_file_that_is_not_there_yet_keeps_all_files_beside_the_file(
    tmp_path: Path,
) -> None:
    real, link = tmp_path / "real" / "airbook.db", tmp_path / "link.db"
    real.parent.mkdir()
    link.symlink_to(real)
    with Airbook(SQLiteStore(link)) as airbook:
        airbook.execute(CreateAirplane(5))
        assert airbook.store.lease().acquire()
        assert airbook.queries.airplane(1).seats == 5
        assert not SQLiteStore(real).lease().acquire()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.db", "real"]


@pytest.mark.parametrize(
    "name",
    [
        "airbook.views.db",
        "airbook.views",
        "airbook.views.views.db",
        "airbook.tokens.db",
        "airbook.db.opened",
        "airbook.db-wal",
        "airbook.db-shm",
        "airbook.db.daemon",
        "airbook.db.daemon-1",
        "airbook.db.subscribers",
        "airbook.views.db.rebuilding",
    ],
)
def test_a_name_that_belongs_to_another_store_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError) as raised:
        SQLiteStore(tmp_path / name)
    assert raised.value.code == "store_name_taken"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["airbook.db", "views.db", "airbook", "daemon.db", "my.daemon.db"])
def test_a_name_of_its_own_is_taken(tmp_path: Path, name: str) -> None:
    SQLiteStore(tmp_path / name).create()
    assert (tmp_path / name).exists()


def test_a_log_where_the_views_belong_is_left_alone(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "airbook.db")
    store.create()
    SQLiteStore(tmp_path / "other.db").create()
    log = (tmp_path / "other.db").rename(store.views_path)
    before = log.read_bytes()
    with Airbook(store) as airbook, pytest.raises(StoreError) as raised:
        airbook.queries.airplanes()
    assert (raised.value.code, raised.value.values["store"]) == ("store_name_taken", str(log))
    assert log.read_bytes() == before


def test_an_empty_file_is_no_store_until_somebody_writes_to_it(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "airbook.db")
    store.path.touch()
    assert not store.is_made()
    with Airbook(store) as airbook:
        with pytest.raises(StoreError) as raised:
            airbook.queries.airplanes()
        assert raised.value.code == "store_missing"
        airbook.execute(CreateAirplane(5))
    assert store.is_made()
    with by_hand(store.path) as connection:
        assert connection.execute("SELECT count(*) FROM stored_events").fetchone() == (1,)
