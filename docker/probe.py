#!/opt/airbook/bin/python -IS
"""Ask the process of a container whether it makes progress; end it if it makes none.

The engine runs this as the health check, and marks the container as unhealthy when it fails. No
engine restarts an unhealthy container by itself, so a process that hangs is killed a moment later:
then the container ends, and its restart policy starts it again.

Attempts are counted, and not the time alone: while an engine pauses a container, time passes and
neither the process nor this probe can run.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

LIVENESS = "/actuator/health/liveness"
ATTEMPT_SECONDS = 2.0  # the length of each attempt; one that fails earlier waits for the rest
ATTEMPTS = 3  # without an answer; then the process counts as hung
ATTEMPTS_WITHOUT_PORT = 8  # 15 s: a call to Kafka lets the main thread wait for 5 s
PAUSE_SECONDS = 0.2
REPORT_SECONDS = 0.5  # from the report to the engine to the last attempt
LAST_SECONDS = 1.0  # the last attempt waits so long for an answer
# What the options for host and port of a command are called, and its port without that option.
ADDRESSES = {
    "serve": ("--host", "--port", "8080"),
    "daemon": ("--health-host", "--health-port", ""),
}
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- this is where to ask
LASTING = ("serve", "daemon", "relay", "intake")
WITH_VALUE = (
    *("--home", "--store", "--output", "-o", "--lang", "--color", "--log-level", "--actor"),
    "--config",
)
ALIVE_STATES = ("R", "D")  # it computes, or waits for a disk


class Command:
    """The command of airbook that runs in this container."""

    def __init__(self, pid: int, words: list[str]) -> None:
        """words: what follows the name of the program."""
        self.pid = pid
        self.name = name_in(words)
        self.address = address_in(self.name, words)
        self.attempts = ATTEMPTS_WITHOUT_PORT if self.address is None else ATTEMPTS
        self._before = self._status().get("voluntary_ctxt_switches")

    def verdict(self, seconds: float) -> str:
        """Return "alive", "starting" or "hung"; wait for an answer for so long."""
        if self.address is not None:
            return asked(*self.address, seconds)
        if self.name not in LASTING:
            return "alive"  # a person waits for it, or looks at it
        time.sleep(PAUSE_SECONDS)
        status = self._status()
        has_slept = status.get("voluntary_ctxt_switches") != self._before
        return "alive" if has_slept or status.get("State", "")[:1] in ALIVE_STATES else "hung"

    def _status(self) -> dict[str, str]:
        """Return what the system says of the main thread; nothing if the process has ended.

        Its loop comes round every quarter of a second, and sleeps each time.
        """
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        except OSError:
            return {}
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def name_in(words: list[str]) -> str:
    """Return the first word that is neither an option nor the value of one."""
    rest = iter(words)
    for word in rest:
        if word in WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return ""


def address_in(name: str, words: list[str]) -> tuple[str, int] | None:
    """Return where a command answers for its health; None if it does not."""
    if name not in ADDRESSES:
        return None
    host_option, port_option, usual = ADDRESSES[name]
    host, port = value_in(words, host_option, "127.0.0.1"), value_in(words, port_option, usual)
    return (EVERY_ADDRESS.get(host, host), int(port)) if port.isdigit() else None


def value_in(words: list[str], option: str, usual: str) -> str:
    """Return the last value of an option."""
    found = usual
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            found = following
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found


def running() -> Command | None:
    """Return the command that began first; None if the container runs something else."""
    for pid in sorted(int(folder.name) for folder in Path("/proc").glob("[0-9]*")):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")[:-1]
        except OSError:
            continue  # it has ended meanwhile
        for index, word in enumerate(words[:2]):
            if word.endswith("/airbook"):
                return Command(pid, words[index + 1 :])
    return None


def asked(host: str, port: int, seconds: float) -> str:
    """Ask for the liveness once; a process that has not opened its port yet is starting."""
    connection = HTTPConnection(host, port, timeout=seconds)
    try:
        connection.request("GET", LIVENESS)
        return "alive" if connection.getresponse().status == 200 else "hung"
    except ConnectionRefusedError:
        return "starting"
    except (OSError, HTTPException):
        return "hung"
    finally:
        connection.close()


def verdict_of(command: Command) -> str:
    """Return "alive" after the first attempt that succeeds, else what the last one has found."""
    verdict = ""
    for attempt in range(command.attempts):
        begun = time.monotonic()
        verdict = command.verdict(ATTEMPT_SECONDS)
        if verdict == "alive" or attempt == command.attempts - 1:
            break
        time.sleep(max(0.0, ATTEMPT_SECONDS - (time.monotonic() - begun)))
    return verdict


def end_later(command: Command) -> None:
    """End a process that hangs, a moment after this process has ended."""
    if os.fork() == 0:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nowhere, descriptor)
        time.sleep(REPORT_SECONDS)
        end(command)
        os._exit(0)


def end(command: Command) -> None:
    """Kill a process unless it makes progress at last. The container ends with it."""
    if command.verdict(LAST_SECONDS) == "hung":
        with suppress(ProcessLookupError):
            os.kill(command.pid, signal.SIGKILL)


def probe(command: Command | None) -> int:
    """Return the exit code of the health check, and see to the end of a process that hangs."""
    if command is None:
        return 0
    verdict = verdict_of(command)
    print(verdict)
    if verdict == "hung":
        end_later(command)
    return 0 if verdict == "alive" else 1


if __name__ == "__main__":
    sys.exit(probe(running()))
