"""A store that is lost while a command waits: it says so, and what was accepted stays told."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.support.proxy import Proxy
from tests.support.stores import let_tick, listeners
from tests.support.waiting import until

RESERVE = ("reserve", "1", "--customer", "kim", "--wait", "--timeout", "60m")
WAIT = ("wait", "7", "--timeout", "60m")
CANCEL = ("cancel", "1", "--wait", "--timeout", "60m")
ACCEPTED = "{}\t1\tkim\treceived\t\t\t<time>\t\n"
NO_DAEMON = "No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"
GONE = (
    "The file of the store {} was taken away or replaced: what came last may not be stored.\n"
    "hint: airbook status\n"
)


@pytest.mark.parametrize(
    ("words", "told"), [(RESERVE, ACCEPTED.format(8)), (WAIT, ""), (CANCEL, "")]
)
def test_the_file_is_removed_while_a_command_waits(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    home = Home(tmp_path)
    home.record_five_seats()
    assert home.here("reserve", "1").code == 0
    with home.running(*words) as waiting:
        let_tick(home.store)
        shutil.rmtree(home.path)
        until(waiting.has_ended, "the end of the command")
        answer = waiting.end()
    assert answer[:3] == (7, told, NO_DAEMON + GONE.format(home.store))


def test_the_server_is_lost_while_a_request_waits(served: Home, server: Server) -> None:
    assert served.url is not None
    with closing(Proxy(server)) as proxy:
        distant = Home(served.folder, proxy.url(served.url))
        waiting = distant.start(*RESERVE)
        until(lambda: listeners(served.kept), "the command to listen")
    answer = waiting.end()
    sentence, _, reason = answer.err.removeprefix(NO_DAEMON).partition(": ")
    assert (answer.code, answer.out) == (7, ACCEPTED.format(1))
    assert sentence == f"The store {distant.kept.url} cannot be reached"
    assert reason.splitlines()[1:] == ["hint: airbook config show"]
