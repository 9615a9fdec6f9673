"""Where each setting comes from: a flag, else the environment, else the file, else the default."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from msgspec import Struct

from airbook.application.errors import SettingError
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.application.text.labels import mark
from airbook.eventlog.errors import without_password

YES = ("1", "y", "yes", "t", "true", "on")
# Else libpq takes a part of a password for the name of a host, and says it.
WELL_FORMED = re.compile(r"postgres(ql)?://([^@/?]*@)?[^@]*")
Origin = Literal["flag", "environment", "file", "default"]
NO = ("0", "n", "no", "f", "false", "off")
CHOICES = {
    "output": ("table", "plain", "json", "jsonl", "csv"),
    "lang": ("en", "ko"),
    "color": ("auto", "always", "never"),
    "log_level": ("debug", "info", "warning", "error"),
    "allow_unsafe": (*YES, *NO),
    "theme": ("dark", "light", "contrast"),
    "ascii": (*YES, *NO),
}
NAMES = (
    *("home", "store", "output", "lang", "color", "log_level", "customer", "allow_unsafe"),
    *("theme", "ascii"),
)
KEYS = "keys"  # a table of the file, for the dashboard
DEFAULTS = {
    "lang": "en",
    "color": "auto",
    "log_level": "info",
    "allow_unsafe": "no",
    "theme": "dark",
    "ascii": "no",
}


class Setting(NamedTuple):
    """A value and where it was said; None where a default is worked out when it is needed."""

    value: str | None
    origin: Origin


class Settings(Struct, frozen=True):
    """Everything that can be set.

    file: the configuration file, whether it is there or not. keys: what the file says the keys of
    the dashboard do, "key,key" by action; no more than the file says.
    """

    file: Path
    file_origin: Origin
    said: Mapping[str, Setting]
    keys: Mapping[str, str] = {}

    def value(self, name: str) -> str | None:
        """Give one of NAMES."""
        return self.said[name].value

    def is_on(self, name: str) -> bool:
        """Tell whether one of NAMES that is yes or no is yes."""
        return self.value(name) in YES

    @property
    def home(self) -> Path:
        """Give the folder that keeps everything, unless the store is said to be elsewhere."""
        return path_of(self.value("home") or default_home())

    @property
    def store(self) -> Store:
        """Give the store. Raises SettingError if it is of no kind that is known."""
        return self.store_at(self.store_url)

    @property
    def store_url(self) -> str:
        """Say where the store is, as it was said: with its password, for processes of our own."""
        return self.value("store") or f"sqlite:///{self.home / 'airbook.db'}"

    def store_at(self, url: str) -> Store:
        """Give the store at a URL. Raises SettingError if it is of no kind that is known."""
        if url.startswith(("postgresql://", "postgres://")):
            if not WELL_FORMED.fullmatch(url):
                sentence = mark("The store {value} has an @ too many: write @ as %40, / as %2F.")
                raise SettingError(sentence, value=without_password(url))
            return PostgresStore(url, unsafe=self.is_on("allow_unsafe"))
        path = url.removeprefix("sqlite:///")
        if path in {url, ""}:
            sentence = mark("The store {value} is neither sqlite:///PATH nor postgresql://….")
            raise SettingError(sentence, value=without_password(url))
        return SQLiteStore(path_of(path))

    @property
    def customer(self) -> str:
        """Give the customer who reserves unless another is named: whoever is logged in."""
        return self.value("customer") or default_customer()


def load(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Work out every setting.

    flags: what the command line said, by name (config among them). environment: the process's.
    Raises SettingError for a value outside CHOICES, and for a file that cannot be read.
    """
    named = flags.get("config") or environment.get("AIRBOOK_CONFIG")
    origin: Origin = "flag" if flags.get("config") else "environment" if named else "default"
    file = path_of(named) if named else default_file(environment)
    written = read(file, must_exist=bool(named))
    keys: Mapping[str, str] = written.pop(KEYS, {})
    said = {name: look_up(name, flags, environment, written) for name in NAMES}
    for name, choices in CHOICES.items():
        value = said[name].value
        if value is not None and value not in choices:
            raise SettingError(
                mark("{value} is not one of {choices} ({name})."),
                value=value,
                choices=", ".join(choices),
                name=name,
            )
    if environment.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in YES:
        sentence = mark("POSTGRES_ENABLE_DB_FUNCTIONS lets events be overlooked: unset it.")
        raise SettingError(sentence)
    return Settings(file, origin, said, keys)


def look_up(
    name: str,
    flags: Mapping[str, str | None],
    environment: Mapping[str, str],
    written: Mapping[str, str],
) -> Setting:
    """Find one setting where it was said last."""
    if (flag := flags.get(name)) is not None:
        return Setting(flag, "flag")
    if value := environment.get(f"AIRBOOK_{name.upper()}"):
        return Setting(value, "environment")
    if name == "color" and (environment.get("NO_COLOR") or environment.get("TERM") == "dumb"):
        return Setting("never", "environment")
    if name == "lang" and (language := spoken(environment)):
        return Setting(language, "environment")
    if name in written:
        return Setting(written[name], "file")
    return Setting(DEFAULTS.get(name), "default")


def spoken(environment: Mapping[str, str]) -> str | None:
    """Find the language of the locale: ko if it is Korean, None if it says none of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            language = value[:2].lower()
            return language if language in CHOICES["lang"] else None
    return None


def read(file: Path, *, must_exist: bool) -> dict[str, Any]:
    """Read a TOML file of settings, texts all but the table KEYS.

    must_exist: whether it may not be missing. Raises SettingError.
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
        if name == KEYS and not is_table(value):
            sentence = mark(
                "The configuration file {file} sets {name} to what is no table of texts."
            )
            raise SettingError(sentence, file=str(file), name=name)
        if name in NAMES and not isinstance(value, str):
            sentence = mark(
                "The configuration file {file} sets {name} to what is no text in quotes."
            )
            raise SettingError(sentence, file=str(file), name=name)
        if name not in {*NAMES, KEYS}:
            sentence = mark("The configuration file {file} sets {name}, which is none of {names}.")
            names = ", ".join((*NAMES, KEYS))
            raise SettingError(sentence, file=str(file), name=name, names=names)
    return contents


def is_table(value: object) -> bool:
    """Tell whether a value of the file is a table of texts."""
    return isinstance(value, dict) and all(
        isinstance(text, str) for text in cast("dict[str, object]", value).values()
    )


def path_of(text: str) -> Path:
    """Read a path. Raises SettingError for NUL, bytes that are no text, a ~user without a home."""
    unusable = SettingError(mark("The path {value} cannot be used."), value=text)
    if "\0" in text:
        raise unusable
    try:
        text.encode()
        return Path(text).expanduser()
    except (UnicodeError, RuntimeError) as error:
        raise unusable from error


def default_home() -> str:
    """Name the platform's folder for a user's data; ~ stays where a user has no home."""
    from platformdirs import user_data_dir

    try:
        return user_data_dir("airbook", appauthor=False)
    except RuntimeError:
        return "~/.local/share/airbook"


def default_file(environment: Mapping[str, str]) -> Path:
    """Name the configuration file, where the XDG base directories put it."""
    base = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 -- Path's raises for a user without a home
    return Path(base) / "airbook" / "config.toml"


def default_customer() -> str:
    """Name whoever is logged in."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a user who has no name
        return "guest"
