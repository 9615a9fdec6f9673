"""Stopping a daemon at a moment at which it writes nothing, so that it holds no lock."""

from __future__ import annotations

import signal

import psutil

from airbook.application.airbook import Airbook
from tests.support.running import Process
from tests.support.waiting import until


def stop_while_idle(daemon: Process, airbook: Airbook) -> None:
    """Stop a daemon by SIGSTOP after it has decided and projected every event."""
    until(
        lambda: (
            airbook.log.checkpoint("approver") == airbook.log.head()
            and airbook.queries.views.position() == airbook.log.head()
        ),
        "nothing to be written",
    )
    daemon.send_signal(signal.SIGSTOP)
    process = psutil.Process(daemon.pid)
    until(lambda: process.status() == psutil.STATUS_STOPPED, "the daemon to stop")
