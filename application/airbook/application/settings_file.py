"""Reading and checking the configuration file."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from airbook.application.errors import SettingError
from airbook.application.text.labels import mark

KEYS = "keys"  # the table that assigns keys of the dashboard


def read(file: Path, names: Collection[str], *, must_exist: bool) -> dict[str, Any]:
    """Read a TOML file of settings.

    names: the settings that the file may contain. must_exist: raise if there is no file; otherwise
    a missing file means no settings. Returns a text for each setting, and for KEYS a table of
    texts. Raises SettingError.
    """
    if not must_exist and not os.path.exists(file):  # noqa: PTH110 -- Path's raises without a right
        return {}
    import tomllib

    try:
        contents: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        sentence = mark("The configuration file {file} cannot be read: {error}")
        raise SettingError(sentence, file=str(file), error=str(error)) from error
    for name, value in contents.items():
        check(file, name, value, names)
    return contents


def check(file: Path, name: str, value: object, names: Collection[str]) -> None:
    """Check one entry of the file. Raises SettingError."""
    if name == KEYS:
        if not is_table_of_texts(value):
            sentence = mark("The configuration file {file} must set {name} to a table of texts.")
            raise SettingError(sentence, file=str(file), name=name)
    elif name not in names:
        sentence = mark("The configuration file {file} sets {name}, which is none of {names}.")
        raise SettingError(sentence, file=str(file), name=name, names=", ".join((*names, KEYS)))
    elif not isinstance(value, str):
        sentence = mark("The configuration file {file} must set {name} to a text in quotes.")
        raise SettingError(sentence, file=str(file), name=name)


def is_table_of_texts(value: object) -> bool:
    """Return whether a value is a TOML table that contains only strings."""
    return isinstance(value, dict) and all(
        isinstance(text, str) for text in cast("dict[str, object]", value).values()
    )
