"""A daemon that begins while the server is down waits for it, and says so once."""

from __future__ import annotations

import time

from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.support.waiting import until

DOWN_SECONDS = 2.0


def test_a_daemon_begins_before_the_server(served: Home, server: Server) -> None:
    assert served.here("admin", "add-plane", "--seats", "1").code == 0
    for _ in range(2):
        assert served.here("reserve", "1").code == 0
    server.stop()
    daemon = served.start("daemon")
    try:
        until(lambda: "store_unreachable" in daemon.said() or daemon.has_ended(), "it to wait")
        time.sleep(DOWN_SECONDS)
        assert not daemon.has_ended()
        server.start()
        until(lambda: undecided(everything(served)) == 0, "the decisions")
    finally:
        server.start()
        done = daemon.stop()
    assert (done.code, done.err.count('"event": "store_unreachable"')) == (0, 1), done
    nothing_is_lost(served, frozenset())
    is_healthy(served)
