"""The dashboard for Grafana: what Grafana would make of the file, and what the file asks for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads(
    (ROOT / "deploy/monitoring/grafana/airbook.json").read_text()
)
PANELS = DASHBOARD["panels"]
ROW = r"^\| `(\w+)` \| (counter|gauge|histogram) \|"
FIGURES = dict(re.findall(ROW, (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
OF_PROMETHEUS = {"up", "ALERTS"}
SAME_AS_OTHERS = {"istio_requests_total"}  # airbook_http_requests_total under another name


def read_and_written(document: dict[str, Any]) -> Any:  # noqa: ANN401 -- JSON
    """Return a dashboard as Grafana's own types have read and written it."""
    register_default_plugins()
    return json.loads(json.dumps(Dashboard.from_json(document), cls=JSONEncoder))


def leaves(part: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Yield the place and the value of every leaf of a document."""
    parts: Iterable[tuple[object, object]]
    if isinstance(part, dict):
        parts = cast("dict[str, object]", part).items()
    elif isinstance(part, list):
        parts = enumerate(cast("list[object]", part))
    else:
        yield place, part
        return
    for name, one in parts:
        yield from leaves(one, f"{place}/{name}")


def lost(document: dict[str, Any]) -> list[str]:
    """List the places of a dashboard that Grafana's types do not know, or read otherwise."""
    return sorted(place for place, _ in {*leaves(document)} - {*leaves(read_and_written(document))})


def expressions() -> list[tuple[str, str]]:
    """List the titles of the panels with what they ask for."""
    return [
        (panel["title"], target["expr"]) for panel in PANELS for target in panel.get("targets", ())
    ]


def asked() -> set[str]:
    """Return the names of the figures that the panels ask for."""
    names = set[str]()
    for _, expression in expressions():
        without_labels = re.sub(r"\{[^}]*\}|by \([^)]*\)", "", expression)
        for name in re.findall(r"\b(airbook_\w+|up|ALERTS)\b", without_labels):
            part = re.sub(r"_(bucket|sum|count)$", "", name)
            names.add(part if FIGURES.get(part) == "histogram" else name)
    return names


def test_grafana_knows_every_part_of_the_file():
    assert lost(DASHBOARD) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [("options", {"legends": True}), ("targets", [{"refId": "A", "expression": "up"}])],
)
def test_a_part_that_grafana_does_not_know_would_be_found(place: str, value: object):
    document = {**DASHBOARD, "panels": [{**PANELS[1], place: value}]}
    assert any(one.startswith(f"/panels/0/{place}") for one in lost(document))


def test_each_panel_has_an_id_of_its_own():
    assert [one for one, count in Counter(one["id"] for one in PANELS).items() if count > 1] == []


def test_panels_lie_side_by_side_on_the_grid():
    places = [(one["title"], one["gridPos"]) for one in PANELS]
    assert [title for title, at in places if at["x"] < 0 or at["x"] + at["w"] > 24] == []
    overlapping = [
        (title, other)
        for (title, one), (other, two) in combinations(places, 2)
        if one["x"] < two["x"] + two["w"]
        and two["x"] < one["x"] + one["w"]
        and one["y"] < two["y"] + two["h"]
        and two["y"] < one["y"] + one["h"]
    ]
    assert overlapping == []


def test_the_units_are_those_of_grafana():
    known = {value for name, value in vars(units).items() if not name.startswith("_")}
    used = {one["fieldConfig"]["defaults"]["unit"] for one in PANELS if one["type"] != "row"}
    assert used - known == set()
    assert used


def test_every_panel_asks_the_source_that_the_reader_chooses():
    (variable,) = DASHBOARD["templating"]["list"]
    source = {"type": "prometheus", "uid": f"${{{variable['name']}}}"}
    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    panels = [one for one in PANELS if one["type"] != "row"]
    assert [one["title"] for one in panels if one["datasource"] != source] == []
    targets = [target for one in panels for target in one["targets"]]
    assert [one["expr"] for one in targets if one["datasource"] != source] == []


def test_the_panels_ask_for_every_figure_that_is_described_and_for_no_other():
    assert asked() - OF_PROMETHEUS == FIGURES.keys() - SAME_AS_OTHERS


def test_a_histogram_and_a_counter_are_asked_for_their_rate():
    wrong = [
        expression
        for _, expression in expressions()
        for name in re.findall(r"airbook_\w+", expression)
        if name.endswith(("_bucket", "_total"))
        and not re.search(rf"rate\({name}(\{{[^}}]*\}})?\[\$__rate_interval\]\)", expression)
    ]
    assert wrong == []


def test_limits_are_those_of_the_alerts():
    rules = (ROOT / "deploy/monitoring/rules/airbook.yml").read_text()
    limits = {
        one["title"]: steps[1]["value"]
        for one in PANELS
        if one["type"] == "timeseries"
        and (steps := one["fieldConfig"]["defaults"].get("thresholds", {}).get("steps"))
    }
    of_alerts = {
        "Failed requests": "/ sum(rate(airbook_http_requests_total[5m])) > {}",
        "Oldest pending": "max(airbook_oldest_pending_seconds) > {}",
        "Fullest airplanes": 'max by (airplane) (airbook_seats{{state="left"}}) < {}',
        "Lag of the views": "max by (view) (airbook_view_lag_seconds) > {}",
        "Lag of the relays": "max by (relay) (airbook_relay_lag_seconds) > {}",
        "Commits": "(rate(airbook_commit_seconds_bucket[5m]))) > {}",
        "Syncs": "(rate(airbook_sync_seconds_bucket[5m]))) > {}",
    }
    assert {title: text.format(limits[title]) in rules for title, text in of_alerts.items()} == (
        dict.fromkeys(of_alerts, True)
    )
    assert limits.keys() - of_alerts.keys() == {"Heartbeat"}  # of the health, which has no alert
