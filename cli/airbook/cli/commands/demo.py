"""The story of five seats and six customers, played through real processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

from airbook.application.text.labels import mark
from airbook.cli.framework.session import Session

CUSTOMERS = ("kim", "lee", "park", "choi", "jung", "kang")


def play(session: Session) -> int:
    """Play the story in a store of its own, showing each command; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="airbook-") as home:
        stage = Stage(session, home)
        stage.say(mark("An airplane with five seats, six customers, and a daemon that decides."))
        stage.show("admin", "add-plane", "--seats", "5")
        stage.say(mark("Reservations are accepted while nobody decides yet."))
        for customer in CUSTOMERS:
            stage.show("reserve", "1", "--customer", customer)
        stage.say(mark("A daemon starts and decides what waits."))
        with stage.daemon():
            rejected = stage.show("wait", "6", "--for", "approved")
        stage.say(mark("Everyone sees what happened, and why."))
        stage.show("my-page", "--all")
        stage.show("why", "6")
        stage.show("planes")
        healthy = stage.show("doctor")
    stage.say(mark("Now for real, in two terminals:"))
    airbook = "airbook" if shutil.which("airbook") else sys.argv[0]
    for words in ("daemon", "admin add-plane --seats 5", "reserve 1 --wait"):
        print(f"  {airbook} {words}")
    return 0 if (rejected, healthy) == (4, 0) else 1


class Stage:
    """Where the story is played: a store of its own, and a process for each command."""

    def __init__(self, session: Session, home: str) -> None:
        self.session = session
        color = "always" if session.is_colored() else "never"
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("AIRBOOK_")
            },
            "AIRBOOK_HOME": home,
            "AIRBOOK_STORE": f"sqlite:///{home}/airbook.db",
            "XDG_CONFIG_HOME": home,  # a configuration file may name a real store
            "AIRBOOK_LANG": session.label.language,
            "AIRBOOK_OUTPUT": "table",
            "AIRBOOK_COLOR": color,
        }

    def say(self, english: str) -> None:
        """Tell what comes next."""
        print(f"\n{self.session.label(english)}", flush=True)

    def show(self, *words: str) -> int:
        """Show a command and run it; returns its exit code."""
        print(f"$ airbook {' '.join(words)}", flush=True)
        return subprocess.run(
            self.command(*words), env=self.environment, stderr=subprocess.DEVNULL, check=False
        ).returncode

    def command(self, *words: str) -> list[str]:
        """Spell out the process of a command."""
        return [sys.executable, "-m", "airbook.cli", *words]

    @contextmanager
    def daemon(self) -> Generator[None]:
        """Run a daemon as long as the block lasts."""
        print("$ airbook daemon &", flush=True)
        process = subprocess.Popen(
            self.command("daemon"), env=self.environment, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()
