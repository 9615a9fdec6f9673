"""Invalid settings, from any origin, are reported in one sentence."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Inside
from tests.support.answers import refused

NO_FILES = {
    "not TOML": b"Dear diary",
    "not text": b"\xff\xfe\x00",
    "cut off": b'home = "',
    "twice": b'lang = "en"\nlang = "ko"\n',
    "nested deep": b"a = " + b"[" * 200_000,
    "nested": b"[home]\npath = 1\n",
    "unknown": b'hom = "x"\n',
    "a number": b"customer = 5\n",
    "a list": b'customer = ["x"]\n',
    "not a number": b"customer = nan\n",
    "no choice": b'lang = "\\u001b[31m"\n',
    "a key to obey": b'"\\u001b[31m\\u202e" = "x"\n',
    "keys that are none": b"[keys]\nquit = 1\n",
    "a path with NUL": b'home = "a\\u0000b"\n',
    "a store with NUL": b'store = "sqlite:///a\\u0000b"\n',
    "a store of another kind": b'store = "mysql://x"\n',
    "NUL": b'home = "a\0b"\n',
}


@pytest.mark.parametrize("contents", NO_FILES.values(), ids=NO_FILES.keys())
def test_an_invalid_file(inside: Inside, contents: bytes):
    file = inside.folder / "airbook.toml"
    file.write_bytes(contents)
    for words in (["planes"], ["reserve", "1"], ["planes", "-o", "json"]):
        answer = inside(*words, "--config", str(file), AIRBOOK_HOME=None)
        assert answer.code == 2, answer
        assert len(refused(answer)) == (1 if "json" in words else 2)


def test_an_invalid_customer(inside: Inside):
    for name in ("a\x1b[31m", "\udcff", "x" * 81, "\u202e"):
        for words in (["reserve", "1"], ["my-page"]):
            answer = inside(*words, AIRBOOK_CUSTOMER=name)
            assert (answer.code, refused(answer)[1][:5]) == (2, "hint:"), (words, answer)


@pytest.mark.parametrize("path", ["", ".", "/", "~", "nowhere/else", "/proc/nowhere"])
def test_a_missing_file(empty: Inside, path: str):
    answer = empty("planes", "--config", path)
    assert answer.code == (0 if path == "" else 2), answer
    if answer.code:
        refused(answer)


@pytest.mark.parametrize(
    "url",
    [
        *("x", "sqlite:", "sqlite://", "sqlite:///", "sqlite://x/y", "SQLITE:///x", "file:x"),
        *(
            "mysql:///x",
            "http://x/y",
            ":///",
            "\x1b[31m",
            "sqlite:///\udcff",
            "[/]",
            "sqlite:///\0",
        ),
    ],
)
def test_a_store_that_is_none(inside: Inside, url: str):
    for environment, words in (({}, ["--store", url]), ({"AIRBOOK_STORE": url}, [])):
        if "\0" in url and environment:
            continue  # an environment cannot hold NUL
        answer = inside("planes", *words, **environment)
        assert (answer.code, len(refused(answer))) == (2, 2), answer


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null/x", "x" * 5_000, "/dev/full"])
def test_a_home_that_cannot_be_created(inside: Inside, home: str):
    for words in (["planes"], ["reserve", "1"], ["daemon", "--once"]):
        answer = inside(*words, "--home", home)
        assert answer.code == 7, answer
        refused(answer)


@pytest.mark.parametrize(
    "home", ["a b", "a?b", "a%41b", "a#b", "a:b", "한국", "[x]", "-x", "a'b\"c"]
)
def test_a_home_with_any_name(inside: Inside, home: str):
    settings = {"AIRBOOK_HOME": str(inside.folder / home)}
    assert inside("admin", "add-plane", "--seats", "5", **settings).code == 0
    assert inside.json("planes", **settings)[0]["seats"] == 5
    assert inside("doctor", **settings).code == 0
    made = sorted(path.name for path in inside.folder.iterdir())
    assert made == [home]
