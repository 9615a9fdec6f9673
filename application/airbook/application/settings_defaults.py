"""Default values of settings: the fixed ones, and those that depend on the user and the machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

DEFAULTS = {
    "lang": "en",
    "color": "auto",
    "log_level": "info",
    "allow_unsafe": "no",
    "theme": "dark",
    "ascii": "no",
}


def default_home() -> str:
    """Return the platform's folder for the data of a user; it begins with ~ if that is unknown."""
    from platformdirs import user_data_dir

    try:
        return user_data_dir("airbook", appauthor=False)
    except RuntimeError:  # the user has no home folder
        return "~/.local/share/airbook"


def default_file(environment: Mapping[str, str]) -> Path:
    """Return the path of the configuration file that the XDG Base Directory Specification names.

    environment: the environment variables of the process.
    """
    base = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 -- Path's raises for a user without a home
    return Path(base) / "airbook" / "config.toml"


def login_name() -> str:
    """Return the login name of the current user, or "guest" if the user has no name."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a user without an entry in the user database
        return "guest"
