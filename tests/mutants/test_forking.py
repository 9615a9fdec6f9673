"""Children: each answers in a folder of its own, and none of them leaves anything behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

import psutil
import pytest

from tests.mutants.forking import Children, Ending, say
from tests.support.processes import at_once
from tests.support.waiting import until


def answer(job: str, folder: Path) -> int:
    Path(tempfile.mkdtemp(), "left behind").touch()
    say(folder, tempfile.gettempdir())
    return len(job)


def hang(job: str, folder: Path) -> int:
    if job == "and do not hang":
        return 0
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    say(folder, str(sleeping.pid))
    if job == "until an alarm":
        signal.setitimer(signal.ITIMER_REAL, 0.01)
    Event().wait()
    return 0


def fail(_: str, folder: Path) -> int:
    raise ValueError(f"the tool is broken, in {folder}")


# A process of its own begins the children: the workers of pytest-xdist have threads, and so cannot.
def endings(work: partial[list[Ending[str]]]) -> list[Ending[str]]:
    (found,) = at_once(work)
    return found


def run(work: Callable[[str, Path], int], jobs: list[str]) -> list[Ending[str]]:
    return list(Children(work, at_once=2).run(jobs))


def stop_after_the_first(jobs: list[str]) -> list[Ending[str]]:
    children = Children(hang, at_once=2)
    running = children.run(jobs)
    first = next(running)
    (left,) = children.running
    running.close()
    return [first, Ending("is alive", int(psutil.pid_exists(left)), "")]


def is_over(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_each_job_is_done_in_a_child_with_a_folder_that_is_removed() -> None:
    found = sorted(endings(partial(run, answer, ["a", "bb", "ccc"])))
    assert [(job, code) for job, code, _ in found] == [("a", 1), ("bb", 2), ("ccc", 3)]
    assert len({folder for _, _, folder in found}) == 3
    assert [folder for _, _, folder in found if Path(folder).exists()] == []


def test_a_child_that_hangs_is_ended_by_its_alarm_with_the_processes_that_it_began() -> None:
    (ending,) = endings(partial(run, hang, ["until an alarm"]))
    assert ending.code == -signal.SIGALRM
    until(lambda: is_over(int(ending.said)), "the end of the process")


def test_children_that_still_run_are_ended_when_the_caller_stops() -> None:
    found = endings(partial(stop_after_the_first, ["and do not hang", "for ever", "not begun"]))
    assert found == [("and do not hang", 0, ""), ("is alive", False, "")]


def test_a_fault_of_the_tool_itself_is_raised() -> None:
    with pytest.raises(RuntimeError, match="ValueError: the tool is broken"):
        endings(partial(run, fail, ["fail"]))
