"""Reading and checking the configuration file."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

from airbook.application.errors import SettingError
from airbook.application.text.labels import mark

KEYS = "keys"  # the table that assigns keys of the dashboard
KAFKA = "kafka"  # the table of settings of the Kafka client, such as security.protocol


def read(file: Path, names: Collection[str], *, must_exist: bool) -> dict[str, Any]:
    """Read a TOML file of settings.

    names: the settings that the file may contain. must_exist: raise if there is no file; otherwise
    a missing file means no settings. Returns a text for each setting, and for KEYS and for KAFKA a
    table of texts. Raises SettingError.
    """
    if not must_exist and not os.path.exists(file):  # noqa: PTH110 -- Path's raises without a right
        return {}
    import tomllib

    try:
        contents: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        sentence = mark("The configuration file {file} cannot be read: {error}")
        raise SettingError(sentence, file=str(file), error=str(error)) from error
    if isinstance(contents.get(KAFKA), dict):
        contents[KAFKA] = flattened(contents[KAFKA])
    for name, value in contents.items():
        check(file, name, value, names)
    return contents


def check(file: Path, name: str, value: object, names: Collection[str]) -> None:
    """Check one entry of the file. Raises SettingError."""
    if name in {KEYS, KAFKA}:
        if not is_table_of_texts(value):
            sentence = mark("The configuration file {file} must set {name} to a table of texts.")
            raise SettingError(sentence, file=str(file), name=name)
    elif name not in names:
        sentence = mark("The configuration file {file} sets {name}, which is none of {names}.")
        raise SettingError(
            sentence, file=str(file), name=name, names=", ".join((*names, KEYS, KAFKA))
        )
    elif not isinstance(value, str):
        sentence = mark("The configuration file {file} must set {name} to a text in quotes.")
        raise SettingError(sentence, file=str(file), name=name)


def flattened(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a table without tables in it: TOML reads a.b = "c" as a table in a table."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= flattened(cast("dict[str, Any]", value), f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def is_table_of_texts(value: object) -> bool:
    """Return whether a value is a TOML table that contains only strings."""
    return isinstance(value, dict) and all(
        isinstance(text, str) for text in cast("dict[str, object]", value).values()
    )
