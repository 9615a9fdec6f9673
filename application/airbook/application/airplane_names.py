"""The names of airplanes: several may have one name, but people are asked before that happens."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane


def airplanes_named(airbook: Airbook, name: str) -> Sequence[Airplane]:
    """List the airplanes of a name by number; none in a store that is not created yet.

    Names that differ only in case, in spaces around them or in their Unicode form are the same.
    Raises StoreError.
    """
    if not airbook.store.is_made():
        return ()
    wanted = comparable(name)
    return [one for one in airbook.queries.airplanes() if comparable(one.name or "") == wanted]


def comparable(name: str) -> str:
    """Return a name in the form in which names are compared."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return unicodedata.normalize("NFC", folded).strip()
