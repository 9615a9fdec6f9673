"""Appearance and permissions of the screens: language, theme, characters, keys, read-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct
from textual.scrollbar import ScrollBarRender
from textual.theme import Theme

from airbook.application.text.labels import Labels


class Look(Struct, frozen=True):
    """The settings of the screens.

    theme: dark, light or contrast. ascii: draw with ASCII characters only, for terminals whose
    fonts make block characters two cells wide. keys: other keys for some actions, by the actions'
    names. read_only: whether the store must not be changed.
    """

    label: Labels
    theme: str = "dark"
    ascii: bool = False
    keys: Mapping[str, str] = {}
    read_only: bool = False


class PlainBar(ScrollBarRender):
    """A scroll bar drawn with colors only; Textual's own scroll bar ends in block characters."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


THEMES = (
    Theme(
        name="dark",
        dark=True,
        primary="#6db3f2",
        secondary="#3d6d99",
        accent="#f2c14e",
        foreground="#d9e1ea",
        background="#0f141b",
        surface="#161d27",
        panel="#212b39",
        success="#62c792",
        warning="#f2c14e",
        error="#f2727f",
        variables={"quiet": "#8b9aab", "cursor": "#2b4a6b", "past": "#6a4fb3"},
    ),
    Theme(
        name="light",
        dark=False,
        primary="#0b5cad",
        secondary="#7ea6cf",
        accent="#8a5a00",
        foreground="#1c2530",
        background="#fbfcfd",
        surface="#f0f3f7",
        panel="#e0e6ee",
        success="#14733f",
        warning="#8a5a00",
        error="#b3202c",
        variables={"quiet": "#5a6876", "cursor": "#cfe3f7", "past": "#6a4fb3"},
    ),
    Theme(
        name="contrast",
        dark=True,
        primary="#00e0ff",
        secondary="#00a0c0",
        accent="#ffff00",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#262626",
        success="#00ff87",
        warning="#ffff00",
        error="#ff8080",
        variables={"quiet": "#d0d0d0", "cursor": "#0040c0", "past": "#a000c0"},
    ),
)
