"""Documents whose commands are run: each block of a console, with what its commands print."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple, Protocol
from unittest import mock

from httpie.context import Environment  # type: ignore[import-untyped]
from httpie.core import main  # type: ignore[import-untyped]

from tests.support.home import ROOT

LEFT_OUT = ("date: ", "content-length: ")  # a length depends on the digits of the port
OPTIONS = ("--ignore-stdin", "--pretty=format")


class Program(Protocol):
    """Runs the commands of airbook with the store of the gateway."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment of the programs that send requests."""
        ...

    def __call__(self, *words: str) -> Ended:
        """Run a command, and wait for its end."""
        ...


class Ended(Protocol):
    """How a command has ended."""

    @property
    def code(self) -> int:
        """Return its exit code."""
        ...

    @property
    def out(self) -> str:
        """Return what it has printed."""
        ...


class Listening(Protocol):
    """Has the port of a gateway on this machine."""

    @property
    def port(self) -> int:
        """Return the port."""
        ...


class Command(NamedTuple):
    """A command in a document, as words, and the text that follows it up to the next command."""

    words: list[str]
    printed: str


def commands_in(document: Path) -> Iterator[Command]:
    """Yield the commands of the console blocks of a document."""
    text = document.read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, printed = command.partition("\n")
            yield Command(shlex.split(line), printed.rstrip("\n"))


def safe_headers() -> set[str]:
    """Return the headers that the walkthrough says every answer carries."""
    text = (ROOT / "docs" / "walkthrough.md").read_text(encoding="utf-8")
    block = re.search(r"^```http\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block
    return set(block[1].splitlines())


def http(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run HTTPie in this process, which is quicker; returns what it printed.

    words: after `http`. environment: all of it.
    """
    with (
        TemporaryFile() as out,
        TemporaryFile("w+") as err,
        Path(os.devnull).open("w+", encoding="utf-8") as nowhere,
        mock.patch.dict(os.environ, environment, clear=True),
    ):
        files = {"stdin": None, "stdout": out, "stderr": err, "devnull": nowhere}
        folder = Path(environment["HOME"], "httpie")
        code = main(["http", *words], Environment(config_dir=folder, stdout_isatty=False, **files))
        err.seek(0)
        assert code == 0, err.read()
        out.seek(0)
        return out.read().decode().replace("\r\n", "\n")


def run(command: Command, gateway: Listening, home: Program) -> str:
    """Run a command of a document against a gateway; returns what it printed.

    Ports are those of the document; LEFT_OUT and the headers of every answer are left out.
    """
    program, *words = command.words
    if program == "airbook":
        answer = home(*words)
        assert answer.code == 0, answer
        return answer.out.rstrip("\n")
    assert program == "http", command
    own = f"127.0.0.1:{gateway.port}"
    words = [word.replace("localhost:8080", own) for word in words]
    shown_parts = [] if "--body" in words else ["--print=hb"]
    text = http([*OPTIONS, *shown_parts, *words], home.environment).replace(own, "localhost:8080")
    if "--body" in words:
        return text.strip("\n")
    head, _, body = text.partition("\n\n")
    status, *headers = head.split("\n")
    extra = safe_headers()
    assert not status or extra <= set(headers), headers
    shown = [one for one in headers if one not in extra and not one.startswith(LEFT_OUT)]
    return "\n".join([status, *shown, "", body]).strip("\n")


def printed_by(document: Path, gateway: Listening, home: Program) -> list[tuple[str, str]]:
    """Run every command of a document; returns each command with what it printed."""
    return [(" ".join(one.words), run(one, gateway, home)) for one in commands_in(document)]


def printed_in(document: Path) -> list[tuple[str, str]]:
    """Return each command of a document with what it prints there."""
    return [(" ".join(one.words), one.printed) for one in commands_in(document)]
