"""A byte in a named pipe wakes the listener that reads the pipe."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from airbook.eventlog.sqlite.notification import PipeListener, PipeNotifier
from tests.support.forked import context
from tests.support.other_processes import listen_until_killed
from tests.support.processes import SECONDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "subscribers"


@pytest.fixture
def listener(folder: Path) -> Iterator[PipeListener]:
    with PipeListener(folder) as listener:
        yield listener


def test_a_listener_woken_before_it_waits_does_not_wait(
    folder: Path, listener: PipeListener
) -> None:
    PipeNotifier(folder).wake()
    assert listener.wait(SECONDS)
    assert not listener.wait(0)


def test_every_listener_is_woken(folder: Path, listener: PipeListener) -> None:
    with PipeListener(folder) as second, PipeListener(folder) as third:
        PipeNotifier(folder).wake()
        assert [one.wait(SECONDS) for one in (listener, second, third)] == [True] * 3


def touched(folder: Path, seconds: float) -> None:
    """Set the time of a folder: so many seconds from now."""
    at = time.time_ns() + int(seconds * 1e9)
    os.utime(folder, ns=(at, at))


def test_a_listener_that_comes_later_is_woken_too(folder: Path, listener: PipeListener) -> None:
    notifier = PipeNotifier(folder)
    touched(folder, -60)
    notifier.wake()
    with PipeListener(folder) as later:
        notifier.wake()
        assert (listener.wait(SECONDS), later.wait(SECONDS)) == (True, True)
    notifier.wake()
    assert listener.wait(SECONDS)


def test_a_folder_is_read_again_while_its_time_may_hide_a_change(
    folder: Path, listener: PipeListener
) -> None:
    notifier = PipeNotifier(folder)
    touched(folder, 3_600)  # the clock may have been set back since
    notifier.wake()
    at = folder.stat().st_mtime_ns
    with PipeListener(folder) as later:
        os.utime(folder, ns=(at, at))  # as if it had come in the same tick of the file system
        notifier.wake()
        assert (listener.wait(SECONDS), later.wait(SECONDS)) == (True, True)


def test_a_folder_that_has_not_changed_for_long_is_read_once(
    folder: Path, listener: PipeListener
) -> None:
    notifier = PipeNotifier(folder)
    touched(folder, -60)
    at = folder.stat().st_mtime_ns
    notifier.wake()
    with PipeListener(folder) as unseen:
        os.utime(folder, ns=(at, at))
        notifier.wake()
        assert (listener.wait(SECONDS), unseen.wait(0)) == (True, False)


def test_a_full_pipe_does_not_block_the_notifier(folder: Path, listener: PipeListener) -> None:
    (pipe,) = folder.iterdir()
    descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    assert os.write(descriptor, b"!" * 10_000_000) < 10_000_000
    os.close(descriptor)
    PipeNotifier(folder).wake()
    assert listener.wait(0)


@pytest.mark.process
def test_the_pipe_of_a_killed_listener_is_removed(folder: Path, listener: PipeListener) -> None:
    forking = context()
    ready, sender = forking.Pipe()
    process = forking.Process(target=listen_until_killed, args=(folder, sender))
    process.start()
    ready.recv()
    process.kill()
    process.join()
    assert len(list(folder.iterdir())) == 2
    PipeNotifier(folder).wake()
    assert len(list(folder.iterdir())) == 1
    assert listener.wait(SECONDS)


def test_folder_and_pipe_are_private_to_their_owner(folder: Path, listener: PipeListener) -> None:
    assert not listener.wait(0)
    (pipe,) = folder.iterdir()
    assert [oct(path.stat().st_mode) for path in (folder, pipe)] == [
        oct(stat.S_IFDIR | 0o700),
        oct(stat.S_IFIFO | 0o600),
    ]


def test_a_closed_listener_leaves_no_pipe(folder: Path) -> None:
    with PipeListener(folder):
        pass
    assert list(folder.iterdir()) == []
    PipeNotifier(folder).wake()


def test_closing_twice_is_allowed(folder: Path, listener: PipeListener) -> None:
    listener.close()
    listener.close()
    assert list(folder.iterdir()) == []


def test_the_path_of_the_folder_may_have_any_length(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a folder with a long name " * 8] * 10)
    folder.mkdir(parents=True)
    with PipeListener(folder) as listener:
        PipeNotifier(folder).wake()
        assert listener.wait(SECONDS)


def test_waking_without_a_folder_does_nothing(folder: Path) -> None:
    PipeNotifier(folder).wake()
    assert not folder.exists()


@pytest.mark.parametrize("folder", [Path("/proc"), Path("/dev/null/subscribers")])
def test_where_no_pipe_can_be_created_waiting_ends_after_its_timeout(folder: Path) -> None:
    with PipeListener(folder) as listener:
        assert not listener.wait(0.01)


def test_waking_below_a_file_does_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    PipeNotifier(file).wake()
    assert file.read_text() == "not a folder"


def test_a_file_that_is_no_pipe_is_not_changed(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text("mine")
    PipeNotifier(tmp_path).wake()
    assert note.read_text() == "mine"
