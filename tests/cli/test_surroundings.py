"""Unusual surroundings: other locales, closed streams, a deleted folder, no home."""

from __future__ import annotations

import pytest

from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Append, Transaction
from tests.cli.conftest import Inside
from tests.cli.shell import shell
from tests.support.answers import refused
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import moment

ROW = "1\t대한항공 [/]\t5\t0\t0\t5\topen\n"


@pytest.fixture
def korean(anew: Home, inside: Inside) -> Home:
    """Return a home with an airplane, which `inside` shares, and whose commands start anew."""
    inside("admin", "add-plane", "--seats", "5", "--name", "대한항공 [/]")
    return anew


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1", "nonsense"])
def test_output_is_utf_8_in_every_locale(korean: Home, locale: str):
    answer = korean("planes", LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (answer.code, answer.out, answer.err) == (0, ROW, "")
    table = korean("planes", "-o", "table", LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert "대한항공 [/]" in table.out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_output_is_utf_8_whatever_python_is_told(korean: Home, encoding: str):
    assert korean("planes", PYTHONIOENCODING=encoding).out == ROW


def test_a_reader_that_closes_the_pipe(korean: Home):
    request = Append("reservation", None, 0, (ReservationRequested(1, "nobody"),))
    with open_log(korean.store) as log:
        log.append(Transaction(at=moment(2), appends=[request] * 5_000))
    for words in ("events", "events --follow", "events -o json", "my-page --all"):
        line = f"airbook {words} | head -c 9; exit ${{PIPESTATUS[0]}}"
        code, out, err = shell(korean, line)
        assert (code, len(out), err) == (141, 9, ""), words
    code, _, err = shell(korean, "airbook planes | true; exit ${PIPESTATUS[0]}")
    assert (code in {0, 141}, err) == (True, "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("airbook planes <&-", (0, ROW, "")),
        ("airbook planes 2>&-", (0, ROW, "")),
        ("airbook planes >&-", (0, "", "")),
        ("airbook planes <&- >&- 2>&-", (0, "", "")),
        ("airbook show 9 2>&-", (3, "", "")),
    ],
)
def test_closed_files(korean: Home, inside: Inside, line: str, expected: tuple[int, str, str]):
    assert shell(korean, line) == expected
    assert inside("doctor").code == 0


def test_a_folder_that_is_gone(korean: Home):
    assert shell(korean, "mkdir gone; cd gone; rmdir ../gone; airbook planes") == (0, ROW, "")
    code, _, err = shell(korean, "mkdir g; cd g; rmdir ../g; airbook planes --home here")
    assert (code, len(err.splitlines())) == (7, 2)


def test_no_home(korean: Home):
    assert korean("planes", HOME=None).out == ROW
    code, out, err = shell(korean, "airbook config show -o json", HOME=None, AIRBOOK_HOME=None)
    assert (code, err, '"origin":"default"' in out) == (0, "", True)


def test_a_user_without_a_name_or_a_home(inside: Inside, monkeypatch: pytest.MonkeyPatch):
    def nobody(number: int):
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    unnamed = {"HOME": None, "AIRBOOK_CUSTOMER": None}
    assert inside("reserve", "1", **unnamed).out == "1\t1\tguest\treceived\t\t\t<time>\t\n"
    assert inside("my-page", **unnamed).code == inside("config", "show", **unnamed).code == 0
    homeless = inside("planes", AIRBOOK_HOME=None, **unnamed)
    assert (homeless.code, refused(homeless)[0]) == (
        2,
        "The path ~/.local/share/airbook cannot be used.",
    )
