"""The product files to mutate: those named, all, or those changed since a commit."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path


def product_files(root: Path) -> list[str]:
    """List the modules of every portion of the namespace, relative to the root."""
    return sorted(str(file.relative_to(root)) for file in root.glob("*/airbook/**/*.py"))


def changed_files(root: Path, base: str | None) -> list[str]:
    """List the product files that differ from a commit, and those that git does not know yet."""
    since = base or default_base(root)
    changed = git(root, "diff", "--name-only", "--diff-filter=d", "--relative", since)
    new = git(root, "ls-files", "--others", "--exclude-standard")
    return sorted({*changed, *new} & set(product_files(root)))


def default_base(root: Path) -> str:
    """Return where the branch left its upstream; the commit before the last one without upstream.

    So the default is what a push would send, and what is not committed yet.
    """
    upstream = ("rev-parse", "--verify", "--quiet", "@{upstream}")
    known = subprocess.run(["git", *upstream], cwd=root, capture_output=True, check=False)
    return git(root, "merge-base", "HEAD", "@{upstream}")[0] if known.returncode == 0 else "HEAD~1"


def git(root: Path, *words: str) -> Sequence[str]:
    answer = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()
