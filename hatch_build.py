"""Compile the translations, so that wheels and editable installs alike speak Korean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp


class CompileTranslations(BuildHookInterface[BuilderConfig]):
    """Write each `airbook.mo` beside its `airbook.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile before hatchling collects the files."""
        compile_translations(Path(self.root))


def compile_translations(root: Path) -> None:
    """Write each `airbook.mo` below the root of the sources, the same at any time."""
    for source in root.glob("application/airbook/application/text/locale/*/LC_MESSAGES/*.po"):
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            catalog = read_po(po)
            # Babel would write the present time, and no two builds would be the same.
            catalog.creation_date = datetime.fromtimestamp(get_reproducible_timestamp(), UTC)
            write_mo(mo, catalog)
