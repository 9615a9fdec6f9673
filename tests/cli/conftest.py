"""The command, and a store in which everything has a fixed time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from airbook.cli.main import main
from tests.cli.play import Answer, Home, without_what_varies
from tests.support.stores import by_hand, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record

CUSTOMERS = ("kim", "lee", "park", "choi", "jung", "kang")


class Inside(Home):
    """The command without a process of its own: for stories of hundreds of runs."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self.capsys = capsys

    def __call__(self, *words: str | bytes, **settings: str | None) -> Answer:
        """Run it to its end; a daemon, which listens to signals, in a process after all."""
        if "daemon" in words:
            return super().__call__(*words, **settings)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name in os.environ:
                patch.delenv(name)
            for name, value in self.with_settings(settings).items():
                patch.setenv(name, value)
            code = main([os.fsdecode(word) for word in words])
        out, err = self.capsys.readouterr()
        raw = out.encode("utf-8", "backslashreplace")
        return Answer(code, without_what_varies(out), without_what_varies(err), raw)


@pytest.fixture
def airbook(tmp_path: Path) -> Home:
    """Give the command, in a home where nothing is yet."""
    return Home(tmp_path)


@pytest.fixture
def inside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Inside:
    """Give the command without processes of its own."""
    return Inside(tmp_path, capsys)


@pytest.fixture
def empty(inside: Inside) -> Inside:
    """Make a store with nothing in it."""
    assert inside("store", "init").code == 0
    return inside


@pytest.fixture
def five_seats(inside: Inside) -> Inside:
    """Tell the story of five seats and six customers, a millisecond an event."""
    with open_log(inside.store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with by_hand(inside.store) as connection:
        for number, name in enumerate(CUSTOMERS, 1):
            row = (f"customer {number}", name)
            connection.execute("INSERT INTO customers VALUES (?, ?)", row)
    return inside
