"""Starting the daemon: its log, its loop, and the answers for its health."""

from __future__ import annotations

from contextlib import nullcontext

from airbook.application.airbook import Airbook
from airbook.application.log_level import LogLevel
from airbook.application.logs import configure, following
from airbook.daemon.health import answering
from airbook.daemon.service import Daemon, Until
from airbook.daemon.verifier import Verifier, verifying


def start(
    airbook: Airbook,
    *,
    level: LogLevel,
    color: bool,
    until: Until = "stopped",
    partitions: int = 1,
    health: tuple[str, int] | None = None,
) -> None:
    """Run a daemon in this process until it ends. Raises StoreError.

    level: of the log. color: use colors on a terminal.
    partitions: the number of daemons that share the airplanes. health: the address and the port at
    which the daemon answers for its health; None for none. Raises Mistyped if it cannot be used.
    """
    log = configure(level, color=color)
    daemon, verifier = (
        Daemon(airbook, log, until, partitions),
        Verifier(Airbook(airbook.store), log),
    )
    with (
        following(level),
        answering(health, daemon.progress, airbook, daemon.watch, verifier),
        verifying(verifier) if until == "stopped" else nullcontext(),
    ):
        daemon.run()
