"""The next version of airbook: a copy of this one, whose views have another schema."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.home import ROOT, Home

VERSION = "9.0.0"
PORTIONS = ("domain", "eventlog", "projections", "application", "daemon", "cli", "gateway")


def next_version(home: Home, folder: Path) -> Home:
    """Return a home with the same store, whose commands are those of the next version.

    folder: where its files are put.
    """
    for portion in PORTIONS:
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / portion, folder / portion, ignore=skipped)
    models = folder / "projections" / "airbook" / "projections" / "models"
    for name in ("airplanes", "totals"):
        file = models / f"{name}.py"
        before = file.read_text("utf-8")
        after = before.replace("revision=2", "revision=3")
        assert after != before, name
        file.write_text(after, "utf-8")
    described = folder / "described" / f"airbook-{VERSION}.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: airbook\nVersion: {VERSION}\n"
    )
    path = [*(str(folder / portion) for portion in PORTIONS), str(described.parent)]
    newer = Home(home.folder, home.url, anew=True)
    newer.environment["PYTHONPATH"] = ":".join(path)
    return newer
