"""The settings in force: from a flag, else the environment, else the file, else the default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from airbook.application.errors import SettingError
from airbook.application.settings_defaults import (
    DEFAULTS,
    default_file,
    default_home,
    login_name,
)
from airbook.application.settings_file import KAFKA, KEYS, read
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.application.text.labels import mark
from airbook.eventlog.errors import without_password

KAFKA_VARIABLE = "AIRBOOK_KAFKA_"
YES = ("1", "y", "yes", "t", "true", "on")
NO = ("0", "n", "no", "f", "false", "off")
# With an unescaped @, libpq takes a part of the password for the host name and prints it.
WELL_FORMED = re.compile(r"postgres(ql)?://([^@/?]*@)?[^@]*")
Origin = Literal["flag", "environment", "file", "default"]
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
    *("home", "store", "output", "lang", "color", "log_level", "customer", "actor"),
    *("allow_unsafe", "theme", "ascii"),
)


class SettingValue(NamedTuple):
    """The value of a setting and its origin; None if the default is computed when it is needed."""

    value: str | None
    origin: Origin


class Settings(Struct, frozen=True):
    """All settings.

    file: the path of the configuration file, which need not exist. file_origin: where that path
    comes from. values: a value for each of NAMES. keys: the table of keys of the file, as
    "key,key" by action of the dashboard; actions that the file does not name are missing. kafka:
    the settings of the Kafka client by name, from the environment and from the file.
    """

    file: Path
    file_origin: Origin
    values: Mapping[str, SettingValue]
    keys: Mapping[str, str] = {}
    kafka: Mapping[str, str] = {}

    def value(self, name: str) -> str | None:
        """Return the value of one of NAMES; None if it has no fixed default."""
        return self.values[name].value

    def is_on(self, name: str) -> bool:
        """Return whether a setting that is yes or no is yes."""
        return self.value(name) in YES

    @property
    def home(self) -> Path:
        """Return the folder of all data, unless the setting "store" names another place."""
        return path_of(self.value("home") or default_home())

    @property
    def store(self) -> Store:
        """Return the store. Raises SettingError for an unknown kind of URL."""
        return self.store_at(self.store_url)

    @property
    def store_url(self) -> str:
        """Return the URL of the store with its password, to pass on to processes of airbook."""
        return self.value("store") or f"sqlite:///{self.home / 'airbook.db'}"

    def store_at(self, url: str) -> Store:
        """Return the store at a URL. Raises SettingError for an unknown kind of URL."""
        if url.startswith(("postgresql://", "postgres://")):
            if not WELL_FORMED.fullmatch(url):
                sentence = mark(
                    "The store {value} has one @ too many: write @ as %40, and / as %2F."
                )
                raise SettingError(sentence, value=without_password(url))
            return PostgresStore(url, unsafe=self.is_on("allow_unsafe"))
        path = url.removeprefix("sqlite:///")
        if path in {url, ""}:
            sentence = mark("The store {value} is neither sqlite:///PATH nor postgresql://….")
            raise SettingError(sentence, value=without_password(url))
        return SQLiteStore(path_of(path))

    @property
    def customer(self) -> str:
        """Return the default customer of a reservation: the setting, else the login name."""
        return self.value("customer") or login_name()

    @property
    def actor(self) -> str:
        """Return the name of the actor of all commands: the setting, else the login name."""
        named = self.value("actor")
        return login_name() if named is None else named


def load(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Find the value of every setting.

    flags: the global options of the command line by name, "config" among them. environment: the
    environment variables of the process. Raises SettingError for a value outside CHOICES, and for
    a file that cannot be read.
    """
    path = flags.get("config") or environment.get("AIRBOOK_CONFIG")
    origin: Origin = "flag" if flags.get("config") else "environment" if path else "default"
    file = path_of(path) if path else default_file(environment)
    in_file = read(file, NAMES, must_exist=bool(path))
    keys: Mapping[str, str] = in_file.pop(KEYS, {})
    kafka: Mapping[str, str] = {**in_file.pop(KAFKA, {}), **kafka_settings(environment)}
    values = {name: look_up(name, flags, environment, in_file) for name in NAMES}
    check_choices(values)
    if environment.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in YES:
        sentence = mark("POSTGRES_ENABLE_DB_FUNCTIONS lets events be overlooked: unset it.")
        raise SettingError(sentence)
    return Settings(file, origin, values, keys, kafka)


def check_choices(values: Mapping[str, SettingValue]) -> None:
    """Check the values of the settings that have CHOICES. Raises SettingError."""
    for name, choices in CHOICES.items():
        value = values[name].value
        if value is not None and value not in choices:
            raise SettingError(
                mark("{value} is not one of {choices} ({name})."),
                value=value,
                choices=", ".join(choices),
                name=name,
            )


def look_up(
    name: str,
    flags: Mapping[str, str | None],
    environment: Mapping[str, str],
    in_file: Mapping[str, str],
) -> SettingValue:
    """Find the value of one setting in the first place that has one."""
    if (flag := flags.get(name)) is not None:
        return SettingValue(flag, "flag")
    if value := environment.get(f"AIRBOOK_{name.upper()}"):
        return SettingValue(value, "environment")
    if name == "color" and (environment.get("NO_COLOR") or environment.get("TERM") == "dumb"):
        return SettingValue("never", "environment")
    if name == "lang" and (language := locale_language(environment)):
        return SettingValue(language, "environment")
    if name in in_file:
        return SettingValue(in_file[name], "file")
    return SettingValue(DEFAULTS.get(name), "default")


def kafka_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Find the settings of the Kafka client: AIRBOOK_KAFKA_SASL_USERNAME sets sasl.username."""
    return {
        name.removeprefix(KAFKA_VARIABLE).lower().replace("_", "."): value
        for name, value in environment.items()
        if name.startswith(KAFKA_VARIABLE) and value
    }


def locale_language(environment: Mapping[str, str]) -> str | None:
    """Find the language of the locale; None if no locale is set or airbook lacks its language."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            language = value[:2].lower()
            return language if language in CHOICES["lang"] else None
    return None


def path_of(text: str) -> Path:
    """Convert a text to a path, with ~ expanded.

    Raises SettingError for a NUL, for bytes that are not UTF-8, and for the ~ of a user who has no
    home folder.
    """
    unusable = SettingError(mark("The path {value} cannot be used."), value=text)
    if "\0" in text:
        raise unusable
    try:
        text.encode()
        return Path(text).expanduser()
    except (UnicodeError, RuntimeError) as error:
        raise unusable from error
