"""Who watches a process: nobody, unless figures are asked for or a collector is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from errno import ENOSPC

import pytest

from airbook.application.airbook import Airbook
from airbook.application.observability.decision import Decision
from airbook.application.observability.figures import Figures
from airbook.application.observability.observer import (
    NOT_INSTALLED,
    Observers,
    exposing,
    is_tracing,
    observers,
)
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.domain.refusal import Refused
from airbook.eventlog.records import Conflict, Receipt, Transaction, TransactionResult
from tests.support.stories import NINE, at


class OnFullDisk(Figures):
    """Counts in files, as several workers do, on a disk that has no room for them."""

    def committed(
        self,
        transactions: Sequence[Transaction],
        results: Sequence[TransactionResult],
        seconds: float,
    ) -> None:
        super().committed(transactions, results, seconds)
        raise OSError(ENOSPC, "No space left on device")

    def synced(self, seconds: float) -> None:
        super().synced(seconds)
        raise OSError(ENOSPC, "No space left on device")


def lines(figures: Figures, *beginnings: str) -> list[str]:
    found = figures.exposition().decode().splitlines()
    return [line for line in found if line.startswith(beginnings)]


def test_nobody_watches_a_process_that_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not observers("airbook", figures=False)
    assert observers("airbook", figures=True)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1", "OTEL_SDK_DISABLED": "TRUE"}, False),
    ],
)
def test_a_collector_is_named_by_the_variables_of_opentelemetry(
    environment: dict[str, str], expected: bool
) -> None:
    assert is_tracing(environment) == expected


def test_without_figures_prometheus_is_told_what_is_missing(store: Store) -> None:
    with Airbook(store) as airbook:
        assert exposing(Observers(), airbook)() == NOT_INSTALLED


def test_only_what_was_stored_is_counted_as_a_commit() -> None:
    figures = Figures(decides=False)
    transactions = [Transaction(at=NINE)] * 4
    results: list[TransactionResult] = [
        Receipt(1, 1),
        Receipt(1, 1, repeated=True),
        Conflict(),
        Receipt(2, 2),
    ]
    figures.committed(transactions, results, 0.5)
    figures.committed(transactions[:1], [Refused.no_such_airplane()], 0.5)
    assert lines(figures, "airbook_commit_transactions_", "airbook_commit_seconds_sum")[-3:] == [
        "airbook_commit_transactions_count 1.0",
        "airbook_commit_transactions_sum 2.0",
        "airbook_commit_seconds_sum 0.5",
    ]


def test_decisions_are_counted_by_how_long_they_took() -> None:
    figures = Figures(decides=True)
    decisions = [
        Decision(1, "approved", "", 1, at(0)),
        Decision(2, "rejected", "no_seats_left", 2, at(4)),
        Decision(3, "approved", "", 3, at(10)),  # the clock was set back
    ]
    figures.decided(decisions, NINE + timedelta(milliseconds=5))
    assert lines(figures, "airbook_decision_seconds_") == [
        'airbook_decision_seconds_bucket{le="0.001"} 2.0',
        'airbook_decision_seconds_bucket{le="0.0025"} 2.0',
        *(
            f'airbook_decision_seconds_bucket{{le="{bound}"}} 3.0'
            for bound in ("0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5")
        ),
        *(
            f'airbook_decision_seconds_bucket{{le="{bound}"}} 3.0'
            for bound in ("5.0", "10.0", "60.0", "600.0", "+Inf")
        ),
        "airbook_decision_seconds_count 3.0",
        "airbook_decision_seconds_sum 0.006",
    ]
    assert lines(figures, "airbook_decisions_total") == [
        'airbook_decisions_total{outcome="approved",reason=""} 2.0',
        'airbook_decisions_total{outcome="cancelled",reason=""} 0.0',
        'airbook_decisions_total{outcome="rejected",reason="no_seats_left"} 1.0',
        'airbook_decisions_total{outcome="rejected",reason="no_such_airplane"} 0.0',
        'airbook_decisions_total{outcome="rejected",reason="airplane_closed"} 0.0',
    ]


def test_every_commit_of_an_observed_store_is_counted(store: Store) -> None:
    figures = Figures(decides=False)
    with Airbook(store) as airbook:
        airbook.observer = figures
        for _ in range(3):
            airbook.execute(CreateAirplane(1))
    assert lines(figures, "airbook_commit_transactions_count") == [
        "airbook_commit_transactions_count 3.0"
    ]
    syncs = lines(figures, "airbook_sync_seconds_count")[0].split()[1]
    assert (float(syncs) >= 3) == store.url.startswith("sqlite")


def test_a_trouble_of_an_observer_keeps_no_receipt_back(store: Store) -> None:
    figures = OnFullDisk(decides=False)
    with Airbook(store) as airbook:
        airbook.observer = Observers(figures)
        receipts = [airbook.execute(CreateAirplane(1)) for _ in range(3)]
        assert receipts == [Receipt(number, number) for number in (1, 2, 3)]
        assert airbook.log.head() == 3
    assert lines(figures, "airbook_commit_transactions_count") == [
        "airbook_commit_transactions_count 3.0"
    ]
