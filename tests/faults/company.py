"""Several processes at work on one store, started again whenever they are killed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from tests.support.answers import Answer
from tests.support.home import Home
from tests.support.running import Process, until

KILLED = -9
PATIENCE_SECONDS = 600.0


class Company:
    """Processes by name, each with what starts it."""

    def __init__(self, home: Home, roles: Mapping[str, Callable[[], Process]]) -> None:
        self.home = home
        self.roles = roles
        self.processes = {name: start() for name, start in roles.items()}

    def kill(self, name: str) -> None:
        """Kill one; it must not have complained before."""
        process = self.processes.pop(name)
        says_nothing_bad(name, process.kill(), {0, KILLED})

    def restart(self, name: str) -> None:
        self.processes[name] = self.roles[name]()

    def dismiss(self, name: str) -> None:
        """Ask one to end; it must end politely."""
        says_nothing_bad(name, self.processes.pop(name).stop(), {0})

    def finish(self, name: str) -> None:
        """Wait for one to end by itself."""
        says_nothing_bad(name, self.processes.pop(name).end(PATIENCE_SECONDS), {0})

    def decides(self) -> str | None:
        """Name the daemon that decides."""
        pid = self.home.daemon_pid()
        return next((name for name, one in self.processes.items() if one.pid == pid), None)

    def all_listen(self) -> bool:
        """Tell whether every daemon decides or stands by."""
        return all(
            '"ready"' in said or '"standing_by"' in said
            for said in (process.said() for process in self.processes.values())
        )

    def assemble(self) -> str:
        """Wait until one daemon decides and the others stand by; name the one."""
        until(self.all_listen, "every daemon to listen")
        until(lambda: self.decides() is not None, "a daemon to decide")
        name = self.decides()
        assert name is not None
        return name


@contextmanager
def at_work(home: Home, roles: Mapping[str, Callable[[], Process]]) -> Generator[Company]:
    """Start them all, and leave nobody behind."""
    company = Company(home, roles)
    try:
        yield company
    finally:
        for process in company.processes.values():
            process.kill()


def daemons(home: Home, many: int) -> Mapping[str, Callable[[], Process]]:
    return {f"daemon {number}": lambda: home.start("daemon") for number in range(1, many + 1)}


def says_nothing_bad(name: str, done: Answer, codes: set[int]) -> None:
    """It said nothing but a daemon's log, and no error there."""
    lines = [line for line in done.err.splitlines() if not line.startswith("{")]
    assert (done.code in codes, lines, '"error"' in done.err) == (True, [], False), (name, done)
