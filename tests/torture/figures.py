"""How a long story tells what it measured: pytest's `record_property`."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[str, object], None]
