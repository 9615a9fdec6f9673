"""Several processes that work on one store and are restarted when they are killed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from tests.support.answers import Answer
from tests.support.home import Home
from tests.support.running import Process
from tests.support.waiting import until

KILLED = -9
PATIENCE_SECONDS = 600.0


class Company:
    """Processes by name, each with the function that starts it."""

    def __init__(self, home: Home, roles: Mapping[str, Callable[[], Process]]) -> None:
        self.home = home
        self.roles = roles
        self.processes = {name: start() for name, start in roles.items()}

    def kill(self, name: str) -> None:
        """Kill a process, which must not have logged an error."""
        process = self.processes.pop(name)
        says_nothing_bad(name, process.kill(), {0, KILLED})

    def restart(self, name: str) -> None:
        self.processes[name] = self.roles[name]()

    def dismiss(self, name: str) -> None:
        """Ask a process to end; it must end with exit code 0."""
        says_nothing_bad(name, self.processes.pop(name).stop(), {0})

    def finish(self, name: str) -> None:
        """Wait until a process ends by itself."""
        says_nothing_bad(name, self.processes.pop(name).end(PATIENCE_SECONDS), {0})

    def decides(self) -> str | None:
        """Return the name of the daemon that decides."""
        pid = self.home.daemon_pid()
        return next((name for name, one in self.processes.items() if one.pid == pid), None)

    def all_listen(self) -> bool:
        """Return whether every daemon decides or stands by."""
        return all(
            '"ready"' in said or '"standing_by"' in said
            for said in (process.said() for process in self.processes.values())
        )

    def assemble(self) -> str:
        """Wait until one daemon decides and the others stand by; returns its name."""
        until(self.all_listen, "every daemon to listen")
        until(lambda: self.decides() is not None, "a daemon to decide")
        name = self.decides()
        assert name is not None
        return name


@contextmanager
def at_work(home: Home, roles: Mapping[str, Callable[[], Process]]) -> Generator[Company]:
    """Run processes for the duration of a block, and kill them at its end."""
    company = Company(home, roles)
    try:
        yield company
    finally:
        for process in company.processes.values():
            process.kill()


def daemons(home: Home, many: int) -> Mapping[str, Callable[[], Process]]:
    return {f"daemon {number}": lambda: home.start("daemon") for number in range(1, many + 1)}


def says_nothing_bad(name: str, done: Answer, codes: set[int]) -> None:
    """Check that stderr has only the log of a daemon, without an error."""
    lines = [line for line in done.err.splitlines() if not line.startswith("{")]
    assert (done.code in codes, lines, '"error"' in done.err) == (True, [], False), (name, done)
