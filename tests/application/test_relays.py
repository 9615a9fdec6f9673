"""How far each relay is behind, as the figures of a store say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from airbook.application.airbook import Airbook
from airbook.application.observability.store_figures import MOST_RELAYS, StoreFigures
from airbook.application.relays import subscriber_of
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.records import Checkpoint, Transaction
from tests.support.stores import execute, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, moment, record

Lags = Mapping[str, tuple[float, float]]
HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)


def tell(store: Store, **reached: int) -> None:
    """Record the story, of which relays have sent the events up to a position."""
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        for name, position in reached.items():
            checkpoint = Checkpoint(subscriber_of(name), position)
            log.append(Transaction(at=NINE, checkpoint=checkpoint))
        log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver", 1)))


def lags_in(store: Store) -> Lags:
    """Return the events and seconds of each relay, an hour after the last event."""
    with Airbook(store, clock=lambda: moment(HEAD) + timedelta(hours=1)) as airbook:
        found = {one.name: one.samples for one in StoreFigures(airbook).collect()}
    events, seconds = (found[f"airbook_relay_lag_{unit}"] for unit in ("events", "seconds"))
    assert [one.labels for one in events] == [one.labels for one in seconds]
    return {
        event.labels["relay"]: (event.value, second.value)
        for event, second in zip(events, seconds, strict=True)
    }


def test_the_lag_of_each_relay(store: Store) -> None:
    tell(store, bus=HEAD, archive=HEAD - 2, beginning=0)
    assert lags_in(store) == {
        "archive": (2.0, 3600.001),
        "beginning": (18.0, 3600.017),
        "bus": (0.0, 0.0),
    }


def test_without_a_relay_there_is_no_lag(store: Store) -> None:
    tell(store)
    assert lags_in(store) == {}


def test_a_relay_without_a_checkpoint_disappears(store: Store) -> None:
    tell(store, bus=HEAD, archive=HEAD)
    table = "notification_tracking" if isinstance(store, PostgresStore) else "tracking"
    execute(store, f"DELETE FROM {table} WHERE application_name = 'relay archive'")  # noqa: S608
    assert lags_in(store) == {"bus": (0.0, 0.0)}


def test_relays_beyond_the_most_share_a_label_with_the_lag_of_the_last(store: Store) -> None:
    names = [f"r{number:02}" for number in range(MOST_RELAYS + 2)]
    tell(store, **{**dict.fromkeys(names, HEAD), "other": HEAD - 1, names[-1]: HEAD - 2})
    assert lags_in(store) == {
        **dict.fromkeys(names[:MOST_RELAYS], (0.0, 0.0)),
        "other": (2.0, 3600.001),
    }
