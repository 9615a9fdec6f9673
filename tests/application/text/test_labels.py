"""Every label is in the catalog of both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from airbook.application.text import labels
from airbook.application.text.formatting import CODES
from airbook.cli.framework.app import build
from airbook.cli.framework.grammar import summary
from tests.application.text.catalog import HANGUL, KOREAN, commands

ROOT = Path(__file__).parents[3]


DOMAIN = ROOT / "domain" / "airbook" / "domain"


EVENTLOG = ROOT / "eventlog" / "airbook" / "eventlog"


TYPER_TEXTS = {"Show this message and exit.", "default: {default}", "required"}


PARTICLE = re.compile(r"\}(은|는|이|가|을|를|와|과|로|으로)(?!\w)")


def marked_labels(file: Path) -> Iterator[str]:
    """Find the texts that a file marks as labels."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Call(func=ast.Name("mark"), args=[label]):
                yield ast.literal_eval(label)
            case _:
                continue


def sentences(file: Path) -> Iterator[str]:
    """Find the string constants with a space in a file, except docstrings."""
    tree = ast.parse(file.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(str() as text) if " " in text and id(node) not in docstrings:
                yield text
            case _:
                continue


def help_texts() -> Iterator[str]:
    """Find the help text of each command, option and argument."""
    for _, command in commands(build([])):
        yield summary(command)
        yield from (str(getattr(parameter, "help", "")) for parameter in command.params)


def unmarked_sentences() -> Iterator[str]:
    """Find the sentences of refusals and of store errors, in rooms that do not import labels.

    Every text of the domain is the sentence of a refusal; that of a store error names its {store}.
    """
    for file in DOMAIN.rglob("*.py"):
        yield from sentences(file)
    for file in EVENTLOG.rglob("*.py"):
        yield from (sentence for sentence in sentences(file) if "{store}" in sentence)


def labels_in_the_code() -> set[str]:
    files = ROOT.glob("*/airbook/**/*.py")
    return {
        *(label for file in files for label in marked_labels(file)),
        *unmarked_sentences(),
        *help_texts(),
        *TYPER_TEXTS,
    }


def placeholders(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_every_label_has_a_korean_translation():
    assert labels_in_the_code() - {label for label, korean in KOREAN.items() if korean} == set()


def test_the_catalog_contains_nothing_else():
    assert KOREAN.keys() - labels_in_the_code() == set()


@pytest.mark.parametrize("label", KOREAN)
def test_korean_has_the_same_placeholders_without_particles(label: str):
    korean = KOREAN[label]
    assert placeholders(korean) == placeholders(label)
    assert not PARTICLE.search(korean)
    assert HANGUL.search(korean)


def test_the_compiled_catalog_is_up_to_date():
    label = labels.Labels("ko")
    assert {english: label(english) for english in KOREAN} == KOREAN


def test_the_korean_words_for_the_statuses():
    label = labels.Labels("ko")
    translated = {
        code: label(CODES[code]) for code in ("received", "approved", "rejected", "cancelled")
    }
    assert translated == {
        "received": "접수됨",
        "approved": "승인",
        "rejected": "거절",
        "cancelled": "취소",
    }
