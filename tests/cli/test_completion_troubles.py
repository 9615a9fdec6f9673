"""Whatever is wrong, completion prints no error, ends soon, and changes nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from airbook.application.stores.postgres import PostgresStore
from tests.cli.completions import offered, values
from tests.cli.conftest import Inside
from tests.support.home import Home
from tests.support.ports import reserved_port
from tests.support.stores import by_hand
from tests.support.waiting import until

ESCAPED = "\\$(touch /tmp/x) `y` \\u001b[31m\\u202e \"'"
EVIL = "\\$(touch /tmp/x) `y` \x1b[31m\u202e \"'"


@pytest.fixture
def filled(inside: Inside) -> Inside:
    inside("admin", "add-plane", "--seats", "5")
    inside("reserve", "1", "--customer", "kim")
    return inside


def files_of(home: Home) -> Mapping[Path, bytes | None]:
    """Return the contents of every file in the folder of a home; None for a folder."""
    found = home.folder.rglob("*")
    return {path: path.read_bytes() if path.is_file() else None for path in found}


@pytest.mark.parametrize(
    "words",
    [("reserve", ""), ("show", ""), ("parked", "drop", ""), ("my-page", "--customer", "")],
)
def test_nothing_is_written(inside: Inside, words: tuple[str, ...]):
    assert values(inside, *words) == []
    assert files_of(inside) == {}
    inside("admin", "add-plane", "--seats", "5")
    inside("reserve", "1", "--customer", "kim")
    before = files_of(inside)
    assert values(inside, *words) == {"reserve": ["1"], "show": ["1"], "my-page": ["kim"]}.get(
        words[0], []
    )
    assert files_of(inside) == before


def test_an_empty_file_stays_empty(inside: Inside):
    inside.store.parent.mkdir()
    inside.store.touch()
    assert values(inside, "reserve", "") == []
    assert files_of(inside) == {inside.path: None, inside.store: b""}


@pytest.mark.parametrize("contents", [b"Dear diary\n" * 500, b"SQLite format 3\0" + b"\0" * 5_000])
def test_a_store_that_cannot_be_read(inside: Inside, contents: bytes):
    inside.store.parent.mkdir()
    inside.store.write_bytes(contents)
    assert values(inside, "reserve", "") == values(inside, "my-page", "--customer", "") == []
    assert values(inside, "reserve", "1", "-o", "c") == ["csv"]
    assert inside.store.read_bytes() == contents


def test_settings_that_are_invalid(filled: Inside):
    (filled.folder / "odd.toml").write_text("= nonsense")
    odd: list[dict[str, str]] = [
        {"AIRBOOK_LANG": "xx"},
        {"AIRBOOK_OUTPUT": "xx"},
        {"AIRBOOK_STORE": "mysql://x"},
        {"AIRBOOK_STORE": "postgresql://a@b@c"},
        {"AIRBOOK_HOME": "~nobody-of-this-name/x"},
        {"AIRBOOK_CONFIG": "odd.toml"},
        {"AIRBOOK_CONFIG": "missing.toml"},
    ]
    for settings in odd:
        assert values(filled, "reserve", "", **settings) == [], settings
        assert values(filled, "planes", "-o", "c", **settings) == ["csv"], settings
    assert values(filled, "--config", "odd.toml", "--lang", "") == ["en", "ko"]
    assert values(filled, "--store", "mysql://x", "reserve", "") == []


def test_what_is_no_text(filled: Inside):
    answer = filled("__complete", "fish", b"reserve", b"1", b"--customer", b"\xff")
    assert (answer.code, answer.out.strip(), answer.err) == (0, "", "")


def test_names_that_a_terminal_would_obey_are_not_offered(filled: Inside):
    with by_hand(filled.store) as connection:
        connection.execute("UPDATE customers SET name = ? WHERE name = 'kim'", (EVIL,))
    assert values(filled, "my-page", "--customer", "") == []
    assert offered(filled, "show", "") == [f"1\t{ESCAPED} received"]


@pytest.fixture(params=["no server", "a silent server"])
def unreachable(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the URL of a server that does not answer."""
    with reserved_port() as port, closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        listening = request.param == "a silent server"
        yield f"postgresql://127.0.0.1:{silent.getsockname()[1] if listening else port}/airbook"


def test_a_server_that_does_not_answer(home: Home, unreachable: str):
    assert values(home, "--store", unreachable, "reserve", "") == []
    assert values(home, "--store", unreachable, "planes", "-o", "c") == ["csv"]


def test_a_server(home: Home, database: str):
    PostgresStore(database).create()
    server = Home(home.folder, database)
    server("admin", "add-plane", "--seats", "5", "--name", "KE 907")
    server("reserve", "1", "--customer", "김 서연")

    def is_offered(expected: str, *words: str) -> bool:
        return offered(server, *words) == [expected]

    # A busy machine may take longer than a person waits, who presses the key again then.
    until(lambda: is_offered("1\tKE 907 5/5", "reserve", ""), "airplanes")
    until(lambda: is_offered("1\t김 서연 received", "show", ""), "reservations")
    until(lambda: is_offered("김 서연", "my-page", "--customer", "김"), "customers")


def test_shells_that_are_not_known(home: Home):
    for words in ((), ("tcsh",), ("bash",), ("zsh",), ("fish",)):
        answer = home("__complete", *words)
        assert (answer.code, answer.out.strip(), answer.err) == (0, "", ""), words


@pytest.mark.parametrize("shell", ["bash", "zsh", "powershell"])
def test_scripts_of_earlier_versions_go_on(filled: Inside, shell: str):
    line = "airbook planes -o js"
    asked = {
        "COMP_WORDS": line if shell == "bash" else None,
        "COMP_CWORD": "3" if shell == "bash" else None,
        "_TYPER_COMPLETE_ARGS": None if shell == "bash" else line,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": "js",
        "_AIRBOOK_COMPLETE": f"complete_{shell}",
    }
    answer = filled(**asked)
    assert (answer.code, answer.err) == (0, "")
    assert "json" in answer.out
    assert "csv" not in answer.out
    broken = filled(**{**asked, "AIRBOOK_LANG": "xx"})
    assert (broken.code, broken.out, broken.err) == (0, answer.out, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_of_an_earlier_version_is_given_nothing_to_evaluate(filled: Inside, shell: str):
    filled("reserve", "1", "--customer", "\\$(touch x) `y` 'z'")
    for line in ("airbook show ", "airbook my-page --customer "):
        answer = filled(
            COMP_WORDS=line,
            COMP_CWORD=str(line.count(" ")),
            _TYPER_COMPLETE_ARGS=line,
            _TYPER_COMPLETE_FISH_ACTION="get-args",
            _AIRBOOK_COMPLETE=f"complete_{shell}",
        )
        assert (answer.code, answer.err) == (0, "")
        assert "1" in answer.out or "kim" in answer.out
        assert not set("$`\\") & set(answer.out), answer


def test_a_script_of_an_earlier_version_asks_fish_for_files(filled: Inside):
    asked = {"_TYPER_COMPLETE_FISH_ACTION": "is-args", "_AIRBOOK_COMPLETE": "complete_fish"}
    assert filled(**asked, _TYPER_COMPLETE_ARGS="airbook import ").code == 1
    assert filled(**asked, _TYPER_COMPLETE_ARGS="airbook reserve ").code == 0
