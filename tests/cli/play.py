"""The names that tests of other folders import from here; they are defined in tests.support."""

from __future__ import annotations

from tests.support.answers import OBEYED, Answer, refused, without_what_varies
from tests.support.home import PATIENCE, Home

__all__ = ["OBEYED", "PATIENCE", "Answer", "Home", "refused", "without_what_varies"]
