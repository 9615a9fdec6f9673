"""The demonstration: five seats and six customers, with a real process for each command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import typer

from airbook.application.text.labels import mark
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of

CUSTOMERS = ("kim", "lee", "park", "choi", "jung", "kang")


def register(app: typer.Typer) -> None:
    """Add the command `demo`."""
    app.command("demo", cls=Command)(demo)


def demo(ctx: typer.Context) -> None:
    """Play the story of five seats and six customers, with a real daemon, in a store of its own.

    airbook demo
    """
    raise typer.Exit(play(session_of(ctx)))


def play(session: Session) -> int:
    """Run the commands of the demonstration in a temporary store; returns the exit code."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="airbook-") as home:
        stage = Stage(session, home)
        stage.announce(
            mark("An airplane with five seats, six customers, and a daemon that decides.")
        )
        stage.run("admin", "add-plane", "--seats", "5")
        stage.announce(mark("Reservations are accepted while nobody decides yet."))
        for customer in CUSTOMERS:
            stage.run("reserve", "1", "--customer", customer)
        stage.announce(mark("A daemon starts and decides the pending reservations."))
        with stage.daemon():
            rejected = stage.run("wait", "6", "--for", "approved", "--timeout", "1m")
        stage.announce(mark("Everyone sees what happened, and why."))
        stage.run("my-page", "--all")
        stage.run("why", "6")
        stage.run("planes")
        healthy = stage.run("doctor")
    stage.announce(mark("Now for real, in two terminals:"))
    airbook = "airbook" if shutil.which("airbook") else sys.argv[0]
    for words in ("daemon", "admin add-plane --seats 5", "reserve 1 --wait"):
        print(f"  {airbook} {words}")
    return 0 if (rejected, healthy) == (4, 0) else 1


class Stage:
    """A temporary store, and the environment of the processes that use it."""

    def __init__(self, session: Session, home: str) -> None:
        self.session = session
        color = "always" if session.is_colored() else "never"
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("AIRBOOK_")
            },
            "AIRBOOK_HOME": home,
            "AIRBOOK_STORE": f"sqlite:///{home}/airbook.db",
            "XDG_CONFIG_HOME": home,  # so that no configuration file is read
            "AIRBOOK_LANG": session.label.language,
            "AIRBOOK_OUTPUT": "table",
            "AIRBOOK_COLOR": color,
        }

    def announce(self, english: str) -> None:
        """Print a sentence about the next commands."""
        print(f"\n{self.session.label(english)}", flush=True)

    def run(self, *words: str) -> int:
        """Print a command line and run it; returns its exit code."""
        print(f"$ airbook {' '.join(words)}", flush=True)
        return subprocess.run(
            self.command(*words), env=self.environment, stderr=subprocess.DEVNULL, check=False
        ).returncode

    def command(self, *words: str) -> list[str]:
        """Return the arguments of the process that runs a command."""
        return [sys.executable, "-m", "airbook.cli", *words]

    @contextmanager
    def daemon(self) -> Generator[None]:
        """Run a daemon for the duration of a block."""
        print("$ airbook daemon &", flush=True)
        process = subprocess.Popen(
            self.command("daemon"), env=self.environment, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()
