"""Real shells in which a person types: bash and zsh on a terminal, and fish.

Their program `airbook` is a client, since hundreds of new interpreters would take minutes: it
sends its words to this process, which runs the command.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO, cast

import pexpect

from tests.support.answers import Answer
from tests.support.home import PATIENCE, Home

CLIENT = r"""#!/bin/sh
printf '%s\0' "$@" > {folder}/asked
exec cat {folder}/answer
"""
SET_UP = {
    # Ctrl-T inserts all possibilities into the line, and Ctrl-G prints the line.
    "bash": r"""
PS1=; source {script}
bind '"\C-t": insert-completions'
show() {{ printf '\001%s\002' "$READLINE_LINE"; }}
bind -x '"\C-g": show'
printf '\001\002'
""",
    "zsh": r"""
PS1=; autoload -Uz compinit; compinit -D -u; source {script}
zstyle ':completion:all:*' completer _all_matches _complete
zstyle ':completion:all:*' insert true
zle -C all complete-word _generic; bindkey '^T' all
show() {{ print -rn -- $'\x01'$BUFFER$'\x02' }}
zle -N show; bindkey '^G' show; bindkey '^U' kill-whole-line
print -n '\x01\x02'
""",
    "fish": r"""
source {script}
printf '\1\2'
while read --local line
    printf '\1%s\2' (complete --do-complete $line | string collect)
end
""",
}


class Shell:
    """A shell in which command lines are typed."""

    def __init__(self, name: str, send: Callable[[str], object], read: Callable[[], str]) -> None:
        """name: bash, zsh or fish. send: types some keys. read: waits for the next line shown."""
        self.name = name
        self._send = send
        self._read = read
        read()

    def values(self, line: str) -> Sequence[str]:
        """Return the words that the shell offers in place of the last word of a line."""
        if self.name == "fish":
            self._send(f"{line}\n")
            return [found.partition("\t")[0] for found in self._read().splitlines()]
        before = line[: line.rfind(" ") + 1]
        inserted = self.press(line, "\x14")
        assert inserted.startswith(before), inserted
        return shlex.split(inserted.removeprefix(before)) if inserted != line else []

    def press(self, line: str, key: str) -> str:
        """Type a line, press a key, and return the line."""
        self._send(f"\x15{line}{key}\x07")
        return self._read()


class Program:
    """What the program `airbook` of a shell sends its words to, through named pipes.

    answers: of all its runs, by its words.
    """

    def __init__(self, home: Home, folder: Path) -> None:
        """home: where the commands run. folder: of the client and of the pipes."""
        self.answers: dict[tuple[str, ...], Answer] = {}
        self._home = home
        self._asked, self._answer = folder / "asked", folder / "answer"
        for pipe in (self._asked, self._answer):
            os.mkfifo(pipe)
        client = folder / "airbook"
        client.write_text(CLIENT.format(folder=folder))
        client.chmod(0o700)

    @contextmanager
    def running(self) -> Generator[None]:
        """Run the commands in a thread of this process while the block runs."""
        serving = Thread(
            target=self._serve, daemon=True
        )  # a test that fails does not stop this thread
        serving.start()
        yield
        self._asked.write_bytes(b"")
        serving.join()

    def _serve(self) -> None:
        while asked := self._asked.read_bytes():
            words = tuple(word.decode() for word in asked.split(b"\0")[:-1])
            answer = self.answers[words] = self._home.here(*words)
            self._answer.write_bytes(answer.raw)


def program_of(name: str) -> str:
    """Return the path of a shell, which must be installed."""
    found = shutil.which(name)
    assert found, f"This test needs {name}: apt-get install {name}"
    return found


@contextmanager
def shell(name: str, home: Home) -> Generator[tuple[Shell, Program]]:
    """Run a shell in the folder of a home. name: bash, zsh or fish."""
    asked = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    script = home("--show-completion", name, **asked)
    assert (script.code, script.err) == (0, "")
    with TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        program, completion, rc = Program(home, folder), folder / "completion", folder / ".zshrc"
        completion.write_text(script.out)
        rc.write_text(SET_UP[name].format(script=completion))
        path = f"{folder}:{home.environment['PATH']}"
        environment = {**home.environment, "PATH": path, "ZDOTDIR": name_of_folder}
        with program.running(), RUNNING[name](name, str(rc), environment, home.folder) as typed:
            yield typed, program


def on_terminal(
    name: str, words: Sequence[str], environment: Mapping[str, str], folder: Path
) -> pexpect.spawn[str]:
    """Start a shell on a terminal."""
    # Otherwise fish begins to read the manual of every program of the machine, in the background.
    quick = {"FISH_UNIT_TESTS_RUNNING": "1"}
    return pexpect.spawn(
        program_of(name),
        [*words, "-i"],
        env={**environment, "TERM": "xterm", **quick},
        cwd=str(folder),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(50, 300),
    )


@contextmanager
def line_editor(
    name: str, rc: str, environment: Mapping[str, str], folder: Path
) -> Generator[Shell]:
    """Run bash or zsh. rc: the file that it reads first."""
    words = {"bash": ["--noprofile", "--rcfile", rc], "zsh": ["-d"]}[name]
    with closing(on_terminal(name, words, environment, folder)) as terminal:
        terminal.delaybeforesend = None

        def read() -> str:
            terminal.expect("\x01([^\x02]*)\x02")
            return cast("re.Match[str]", terminal.match)[1]

        yield Shell(name, terminal.send, read)


@contextmanager
def fish(name: str, rc: str, environment: Mapping[str, str], folder: Path) -> Generator[Shell]:
    """Run fish without a terminal. rc: the file that it executes, which reads lines from stdin."""
    with subprocess.Popen(
        [program_of(name), "--no-config", rc],
        env=environment,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)

        def read() -> str:
            text = b""
            while not text.endswith(b"\2"):
                more = stdout.read(65536)
                assert more, text
                text += more
            return text.decode().strip("\1\2")

        yield Shell(name, lambda keys: stdin.write(keys.encode()), read)
        stdin.close()


RUNNING = {"bash": line_editor, "zsh": line_editor, "fish": fish}
