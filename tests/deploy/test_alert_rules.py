"""The alert rules: Prometheus reads them, each fires when it should, and operators are told how."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec import yaml

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/monitoring/rules/airbook.yml"
STORIES = sorted((ROOT / "deploy/monitoring/tests").iterdir())
CONFIGURATION = ROOT / "docker/prometheus/prometheus.yml"
GROUPS = yaml.decode(RULES.read_text())["groups"]
ALERTS = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
TESTED = [
    (moment["alertname"], bool(moment["exp_alerts"]))
    for file in STORIES
    for story in yaml.decode(file.read_text())["tests"]
    for moment in story["alert_rule_test"]
]


def promtool(*arguments: str | Path) -> tuple[int, str]:
    """Run promtool, which comes with Prometheus; returns its exit code and what it printed."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    ended = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def test_prometheus_reads_the_rules():
    said = f"Checking {RULES}\n  SUCCESS: {len(ALERTS)} rules found\n\n"
    assert promtool("check", "rules", RULES) == (0, said)


@pytest.mark.parametrize("stories", STORIES, ids=lambda file: file.name)
def test_each_alert_fires_when_it_should_and_is_silent_otherwise(stories: Path):
    assert promtool("test", "rules", stories) == (0, f"Unit Testing:  {stories}\n  SUCCESS\n\n")


def test_prometheus_reads_the_configuration_of_the_stack(tmp_path: Path):
    """The stack mounts the rules beside the configuration."""
    configuration = tmp_path / "prometheus.yml"
    configuration.write_text(CONFIGURATION.read_text())
    (tmp_path / "rules").symlink_to(RULES.parent)
    code, said = promtool("check", "config", configuration)
    assert (code, said.count("SUCCESS")) == (0, 3), said


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_has_a_story_in_which_it_fires_and_a_moment_in_which_it_does_not(alert: str):
    assert {fires for name, fires in TESTED if name == alert} == {True, False}


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_leads_to_its_section_of_the_operators_page(alert: str):
    page, _, anchor = ALERTS[alert]["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert (anchor, alert in headings) == (alert.lower(), True)


@pytest.mark.parametrize(("page", "target"), [("alerts.md", ""), ("operations.ko.md", "alerts.md")])
def test_the_page_lists_every_alert_with_its_severity(page: str, target: str):
    row = rf"^\| \[(\w+)\]\({re.escape(target)}#(\w+)\) \| (\w+) \|"
    listed = re.findall(row, (ROOT / "docs" / page).read_text(), re.MULTILINE)
    expected = {(one, one.lower(), rule["labels"]["severity"]) for one, rule in ALERTS.items()}
    assert (set(listed), len(listed)) == (expected, len(expected))


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_asks_for_figures_that_the_page_of_figures_describes(alert: str):
    asked = set(re.findall(r"airbook_\w+", ALERTS[alert]["expr"]))
    described = set(
        re.findall(r"^\| `(airbook_\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    )
    assert {one.removesuffix("_bucket") for one in asked} <= described
