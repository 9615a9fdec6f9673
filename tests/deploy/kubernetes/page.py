"""The section of the operators' page on Kubernetes, and the examples that stand in it."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.deploy.kubernetes.rendering import KUBERNETES, OVERLAYS, ROOT, Documents, overlay, render

PAGE = (ROOT / "docs/operations.md").read_text()
SECTION = PAGE[PAGE.index("\n## On Kubernetes\n") : PAGE.index("\n## Alerts\n")]
WRITTEN = re.findall(r"```yaml\n( *)# (\w+)/kustomization.yaml\n(.*?)\n *```", SECTION, re.DOTALL)
EXAMPLES = [name for _, name, _ in WRITTEN]
EVERYTHING = "everything"  # PostgreSQL with every component
COMBINATIONS = [*OVERLAYS, *EXAMPLES, EVERYTHING]


@cache
def combination(name: str) -> Documents:
    """Return the documents of one of COMBINATIONS, which must not be changed."""
    if name in OVERLAYS:
        return overlay(name)
    with TemporaryDirectory() as folder:
        # The examples stand beside the sources, as the page says.
        shutil.copytree(KUBERNETES.parent, Path(folder, "airbook/deploy"))
        own = Path(folder, name)
        own.mkdir()
        (own / "kustomization.yaml").write_text(contents_of(name))
        return tuple(render(own))


def contents_of(name: str) -> str:
    """Return the kustomization of an example, or of EVERYTHING."""
    if name == EVERYTHING:
        components = sorted(one.name for one in (KUBERNETES / "components").iterdir())
        named = [f"  - ../airbook/deploy/kubernetes/components/{one}" for one in components]
        base = "resources: [../airbook/deploy/kubernetes/overlays/postgres]"
        return "\n".join(["namespace: air", base, "components:", *named])
    [(indentation, contents)] = [(one[0], one[2]) for one in WRITTEN if one[1] == name]
    return "\n".join(line.removeprefix(indentation) for line in contents.splitlines())


def first_column(heading: str) -> set[str]:
    """Return the first column of the table with a heading, without its marks of code."""
    table = re.search(rf"^ *\| {heading} \|.*?\n\n", SECTION, re.DOTALL | re.MULTILINE)
    assert table, heading
    rows = table[0].strip().splitlines()[2:]
    return {row.split("|")[1].strip().strip("`") for row in rows}
