"""Words of a line in bash: bash itself reads what is written for it."""

from __future__ import annotations

import subprocess

from hypothesis import given
from hypothesis import strategies as some

from airbook.cli.framework.bash_words import quoted, replacement, split, unquote

TEXTS = some.text("ab김-\\'\"$`!~# :=\t", min_size=1, max_size=8)
WORDS = some.lists(some.tuples(TEXTS, some.sampled_from(["", "'", '"'])), min_size=1, max_size=8)


@given(WORDS)
def test_bash_reads_what_is_quoted(words: list[tuple[str, str]]):
    line = " ".join(f"{quote}{quoted(text, quote)}{quote}" for text, quote in words)
    texts = [text for text, _ in words]
    assert [unquote(word) for word in split(line)] == [(text, "") for text in texts]
    command = ["bash", "-c", f"printf '%s\\0' {line}"]
    read = subprocess.run(command, capture_output=True, check=True).stdout
    assert read.decode().split("\0")[:-1] == texts


@given(TEXTS, TEXTS, some.sampled_from(["", "'", '"']))
def test_the_last_word_of_an_unfinished_line(before: str, typed: str, quote: str):
    line = f"airbook {quoted(before, '')} {quote}{quoted(typed, quote)}"
    assert unquote(split(line)[-1]) == (typed, quote)


def test_an_unfinished_escape():
    assert unquote("Kim\\") == ("Kim", "")
    assert split("airbook 'Kim L") == ["airbook", "'Kim L"]
    assert split('airbook "Kim \\') == ["airbook", '"Kim \\']
    assert split("airbook ") == ["airbook", ""]
    assert split("") == [""]


def test_the_end_of_a_word_is_replaced():
    assert replacement("sqlite:///a b", "sqlite:///", "///") == "///a\\ b"
    assert replacement("Kim Lee", '"Ki', "Ki") == "Kim Lee"
    assert replacement("O'Neil", "'O", "O") == "O'\\''Neil"
    assert replacement("hi!", '"h', "h") == "hi\"'!'\""
