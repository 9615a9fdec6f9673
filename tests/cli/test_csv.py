"""CSV that a spreadsheet opens without running anything, and that can be imported again."""

from __future__ import annotations

import csv
import io

import pytest

from tests.cli.conftest import Inside
from tests.support.stores import by_hand

FORMULAS = ("=1+1", "+82 2 123", "-2+3", "@SUM(A1)", "＝1+1", "'=quoted", "''-x", "-5")
PLAIN = ("O'Hara", "'", "kim, lee", 'say "hi"', "대한항공", "a=b")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def quoted(name: str) -> str:
    return f"'{name}" if name in FORMULAS else name


@pytest.fixture
def booked(inside: Inside) -> Inside:
    """Return a home with an airplane and a reservation for each name."""
    for name in (*FORMULAS, *PLAIN):
        assert inside("admin", "add-plane", "--seats=1", f"--name={name}").code == 0
        assert inside("reserve", "1", f"--customer={name}").code == 0
    return inside


def test_names_are_texts(booked: Inside):
    planes = read(booked("planes", "-o", "csv").out)
    assert [row["name"] for row in planes] == [quoted(name) for name in (*FORMULAS, *PLAIN)]
    customers = read(booked("my-page", "--all", "-o", "csv").out)
    assert [row["customer"] for row in customers] == [quoted(name) for name in (*FORMULAS, *PLAIN)]
    (plane,) = read(booked("plane", "1", "-o", "csv").out)
    assert plane["name"] == "'=1+1"


def test_errors_and_contents_of_events_are_texts(booked: Inside):
    with by_hand(booked.store) as connection:
        connection.execute(
            "INSERT INTO parked VALUES (1, 2, '=1/0', '2026-11-22T09:00:00.000Z', 0, 0)"
        )
    (parked,) = read(booked("parked", "list", "-o", "csv").out)
    assert parked["error"] == "'=1/0"
    events = read(booked("events", "-o", "csv").out)
    assert {row["data"][0] for row in events} == {"{"}


def test_numbers_stay_numbers(five_seats: Inside):
    five_seats("admin", "add-plane", "--seats", "3")
    rows = read(five_seats("planes", "-o", "csv").out)
    assert [(row["id"], row["left"]) for row in rows] == [("1", "0"), ("2", "3")]
    lags = read(five_seats("views", "status", "-o", "csv").out)
    assert {row["lag_seconds"] for row in lags} == {"0.0"}


def test_other_formats_have_the_names_as_they_are(booked: Inside):
    names = [*FORMULAS, *PLAIN]
    assert [one["name"] for one in booked.json("planes")] == names
    plain = booked("planes").out.splitlines()
    assert [line.split("\t")[1] for line in plain] == names


def test_exported_names_are_imported_as_they_were(booked: Inside):
    rows = read(booked("my-page", "--all", "-o", "csv").out)
    file = booked.folder / "again.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["airplane", "customer"])
        writer.writerows([row["airplane"], row["customer"]] for row in rows)
    assert booked("import", str(file)).code == 0
    names = [one["customer"] for one in booked.json("my-page", "--all")]
    assert names == [*FORMULAS, *PLAIN] * 2


def test_lines_of_tabs_and_json_are_read_as_they_are(inside: Inside):
    inside("admin", "add-plane", "--seats", "5")
    file = inside.folder / "requests"
    file.write_text("1\t'=x\n" + '{"airplane": 1, "customer": "\'=y"}\n')
    assert inside("import", str(file)).code == 0
    assert [one["customer"] for one in inside.json("my-page", "--all")] == ["'=x", "'=y"]
