"""Two processes create the same file: neither removes what belongs to the store of the other."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

from airbook.domain.airplane import AirplaneCreated
from tests.faults.promises import is_sound
from tests.faults.trace import strace
from tests.support.home import Home
from tests.support.running import Process
from tests.support.stores import open_log
from tests.support.stories import of_airplane, record
from tests.support.waiting import until


def test_a_creator_is_stopped_wherever_it_has_looked_for_the_file(tmp_path: Path) -> None:
    for nth in count(1):
        home = Home(tmp_path / str(nth))
        slow = home.start("store", "init", under=stopping_at_look(home, nth))
        until(partial(is_stopped, home), "the process to stop")
        found_none = not home.store.exists()
        creates_beside(home, slow)
        if not found_none:
            assert nth > 1
            break


def creates_beside(home: Home, slow: Process) -> None:
    """Create the store in this process, let the stopped process go on, and write to the store."""
    with ExitStack() as stack, ThreadPoolExecutor(1) as thread:
        opening = thread.submit(lambda: stack.enter_context(open_log(home.store)))
        until(lambda: opening.done() or is_open_here(home.path), "it to be open, or to be awaited")
        os.kill(slow.pid, signal.SIGCONT)
        assert slow.end().code == 0
        record(opening.result(), *of_airplane(1, AirplaneCreated(5)))
        assert len(is_sound(home).events) == 1


def stopping_at_look(home: Home, nth: int) -> list[str]:
    """Return the strace command that stops a process after it has looked for the file so often."""
    home.path.mkdir(parents=True)
    fault = ("-e", "trace=%%stat", "-e", f"inject=%%stat:signal=SIGSTOP:when={nth}")
    # -D: signals reach the process, not strace.
    return strace([home.store], "-D", "-I", "1", *fault, "-o", str(trace_of(home)))


def is_stopped(home: Home) -> bool:
    return trace_of(home).exists() and "stopped by SIGSTOP" in trace_of(home).read_text()


def trace_of(home: Home) -> Path:
    return home.folder / "trace"


def is_open_here(folder: Path) -> bool:
    """Return whether this process has a folder open."""
    files = Path("/proc/self/fd").iterdir()
    return any(file.exists() and file.samefile(folder) for file in files)
