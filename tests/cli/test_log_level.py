"""The level of the log of a lasting process: it follows the configuration file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from airbook.cli.framework.session import Session
from tests.gateway.server import serving
from tests.support.home import Home
from tests.support.running import Process
from tests.support.stores import by_hand
from tests.support.waiting import until

CHANGED, UNKNOWN = "log_level_changed", "log_level_unknown"


def lines_of(process: Process, event: str) -> list[dict[str, Any]]:
    """Return the lines of a log with one event, without their times."""
    lines = [json.loads(line) for line in process.said().splitlines()]
    return [
        {name: value for name, value in line.items() if name not in {"event", "timestamp"}}
        for line in lines
        if line["event"] == event
    ]


def mounted(folder: Path, contents: str) -> Path:
    """Mount a configuration file as Kubernetes does: a link to a file behind a link to a folder."""
    version = folder / f"..version {len(list(folder.iterdir()))}"
    version.mkdir()
    (version / "config.toml").write_text(contents)
    new, current = folder / "..new", folder / "..data"
    new.symlink_to(version)
    new.rename(current)
    file = folder / "config.toml"
    if not file.is_symlink():
        file.symlink_to("..data/config.toml")
    return file


def test_a_daemon_follows_a_mounted_file(home: Home, tmp_path: Path):
    folder = tmp_path / "mounted"
    folder.mkdir()
    file = mounted(folder, 'log_level = "warning"')
    home.environment["AIRBOOK_CONFIG"] = str(file)
    with home.daemon() as daemon:
        mounted(folder, 'log_level = "debug"')
        until(lambda: lines_of(daemon, CHANGED), "the level to change")
        mounted(folder, 'log_level = "loud"')
        until(lambda: lines_of(daemon, UNKNOWN), "the level to be refused")
        mounted(folder, 'log_level = "error"')
        until(lambda: len(lines_of(daemon, CHANGED)) == 2, "the level to change again")
        changed, unknown = lines_of(daemon, CHANGED), lines_of(daemon, UNKNOWN)
    assert changed == [
        {"level": "info", "now": "debug", "before": "warning"},
        {"level": "info", "now": "error", "before": "debug"},
    ]
    reason = "loud is not one of debug, info, warning, error (log_level)."
    assert unknown == [{"level": "warning", "reason": reason}]
    assert "stopped" not in daemon.end().err  # it is information


def test_the_level_that_changes_counts_for_every_part_of_a_daemon(home: Home, tmp_path: Path):
    home("admin", "add-plane", "--seats", "5")
    file = tmp_path / "config.toml"
    file.write_text('log_level = "error"')
    home.environment["AIRBOOK_CONFIG"] = str(file)
    with home.daemon() as daemon:
        home("status")  # the views are there
        file.write_text('log_level = "info"')
        until(lambda: lines_of(daemon, CHANGED), "the level to change")
        with by_hand(home.views) as views:
            views.execute("UPDATE checkpoints SET digest = 'another'")
        until(lambda: lines_of(daemon, "views_of_another_log"), "the views to be rebuilt")


def test_every_process_of_a_gateway_follows_the_file(home: Home, tmp_path: Path):
    file = tmp_path / "config.toml"
    file.touch()
    with serving(home, "--workers", "2", AIRBOOK_CONFIG=str(file)) as gateway:
        file.write_text('log_level = "warning"')
        changed = [{"level": "info", "now": "warning", "before": "info"}] * 2
        until(lambda: lines_of(gateway.process, CHANGED) == changed, "both to follow")


def test_the_command_line_and_the_environment_come_first(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.touch()
    config = {"config": str(file)}
    levels = [
        Session({**config, "log_level": "error"}, {}).log_level,
        Session(config, {"AIRBOOK_LOG_LEVEL": "warning"}).log_level,
        Session(config, {}).log_level,
    ]
    assert [level.read() for level in levels] == ["error", "warning", "info"]
    file.write_text('log_level = "debug"')
    assert [level.read() for level in levels] == ["error", "warning", "debug"]
