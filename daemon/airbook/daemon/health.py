"""What the daemon answers over HTTP: its health, and its figures for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager

from airbook.application.airbook import Airbook
from airbook.application.observability.daemon_health import daemon_checks
from airbook.application.observability.health import Answer, HealthChecks
from airbook.application.observability.observer import exposing, observers
from airbook.application.observability.progress import Progress
from airbook.daemon.observing import DecisionWatch
from airbook.daemon.verifier import Verifier

METRICS = "/metrics"


@contextmanager
def answering(
    address: tuple[str, int] | None,
    progress: Progress,
    airbook: Airbook,
    watch: DecisionWatch,
    verifier: Verifier,
) -> Generator[None]:
    """Answer for the health of a daemon for the duration of a block, and observe it.

    address: a host and a port; None answers nowhere. progress: of its loop. airbook: its store, not
    opened yet. watch: of its decisions. verifier: of its log. Raises Mistyped for an address that
    cannot be used, and SettingError if traces are wanted and their package is not installed.
    """
    observing = observers("airbook-daemon", figures=address is not None, decides=True)
    watch.observers = observing
    if observing:
        airbook.observer = observing
    if address is None:
        with closing(observing):
            yield
        return
    from airbook.daemon.health_server import serving

    if observing.figures:
        from airbook.daemon.chain_figures import ChainFigures

        observing.figures.registry.register(ChainFigures(verifier))
    with closing(observing), closing(Airbook(airbook.store)) as own:
        page = Page(daemon_checks(progress, airbook.store), exposing(observing, own))
        with serving(*address, page.ask):
            yield


class Page:
    """Answers the requests of probes and of Prometheus."""

    def __init__(self, checks: HealthChecks, expose: Callable[[], Answer]) -> None:
        """expose: returns the figures."""
        self._checks = checks
        self._expose = expose

    def ask(self, path: str, accept: str) -> Answer | None:
        """Answer a request; None for an unknown path."""
        return self._expose() if path == METRICS else self._checks.answer(path, accept)
