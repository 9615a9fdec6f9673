"""The table of keys: the footer, the help and the configuration use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.binding import Binding
from textual.keys import Keys, format_key

from airbook.application.errors import SettingError
from airbook.application.text.labels import mark


class Key(NamedTuple):
    """The keys of one action, and its description. shown: whether the footer shows it."""

    keys: str
    description: str
    shown: bool = False


EVERYWHERE = {
    "add": Key("a", mark("Add"), shown=True),
    "reserve": Key("n", mark("Reserve"), shown=True),
    "seats": Key("e", mark("Seats"), shown=True),
    "close": Key("c", mark("Close"), shown=True),
    "cancel": Key("x", mark("Cancel"), shown=True),
    "retry": Key("R", mark("Try again"), shown=True),
    "drop": Key("D", mark("Drop"), shown=True),
    "detail": Key("enter", mark("Explain"), shown=True),
    "back": Key("escape", mark("Back"), shown=True),
    "filter": Key("slash", mark("Filter"), shown=True),
    "time": Key("t", mark("Time"), shown=True),
    "live": Key("b", mark("Now"), shown=True),
    "undo": Key("u", mark("Undo"), shown=True),
    "prompt": Key("colon", mark("Run"), shown=True),
    "help": Key("question_mark,f1", mark("Help"), shown=True),
    "quit": Key("q,ctrl+q", mark("Quit"), shown=True),
    "interrupt": Key("ctrl+c", mark("Quit at once")),
    "palette": Key("ctrl+p", mark("All commands")),
    "pause": Key("p", mark("Pause, or go on")),
    "refresh": Key("r", mark("Read again")),
    "sort": Key("s", mark("Sort")),
    "copy": Key("y", mark("Copy the number")),
    "copy_json": Key("Y", mark("Copy as JSON")),
    "next_pane": Key("tab", mark("Next pane")),
    "previous_pane": Key("shift+tab", mark("Previous pane")),
    "next_page": Key("right,l", mark("Next page")),
    "previous_page": Key("left,h", mark("Previous page")),
    "page_1": Key("1", mark("Overview")),
    "page_2": Key("2", mark("Airplanes")),
    "page_3": Key("3", mark("Reservations")),
    "page_4": Key("4", mark("Events")),
    "page_5": Key("5", mark("System")),
    "down": Key("down,j", mark("Down")),
    "up": Key("up,k", mark("Up")),
    "page_down": Key("pagedown,ctrl+f", mark("A screen down")),
    "page_up": Key("pageup,ctrl+b", mark("A screen up")),
    "first": Key("home,g", mark("To the top")),
    "last": Key("end,G", mark("To the end")),
}
# The keys of the slider; some of them have another meaning on a list.
SLIDER = {
    "earlier": Key("left,h", mark("Earlier"), shown=True),
    "later": Key("right,l", mark("Later"), shown=True),
    "much_earlier": Key("shift+left,H,pageup", mark("Much earlier")),
    "much_later": Key("shift+right,L,pagedown", mark("Much later")),
    "beginning": Key("home,g", mark("To the beginning")),
    "end": Key("end,G", mark("To the last event")),
    "play": Key("space", mark("Play"), shown=True),
    "faster": Key("plus,equals_sign", mark("Faster"), shown=True),
    "slower": Key("minus", mark("Slower")),
    "moment": Key("at,enter", mark("Moment"), shown=True),
}
KEYS = {**EVERYWHERE, **SLIDER}


def key(name: str, action: str) -> Binding:
    """Return the binding of an action. name: the action's name in KEYS and in the configuration."""
    found = KEYS[name]
    return Binding(found.keys, action, found.description, show=found.shown, id=name)


def first_key(name: str, changed: Mapping[str, str]) -> str:
    """Return the first key of an action. changed: the configured keys, by the actions' names."""
    return changed.get(name, KEYS[name].keys).partition(",")[0]


def checked_keys(changed: Mapping[str, str]) -> Mapping[str, str]:
    """Check the configured keys. changed: other keys for some actions, by the actions' names.

    Raises SettingError for an unknown action, an unknown key, or a key with two meanings.
    """
    for name in changed:
        if name not in KEYS:
            sentence = mark("There is no action {name} to give a key to; there are {names}.")
            raise SettingError(sentence, name=name, names=", ".join(KEYS))
    for group in (EVERYWHERE, SLIDER):
        meanings = dict[str, str]()
        for name, found in group.items():
            for word in changed.get(name, found.keys).split(","):
                if not is_key(word):
                    sentence = mark("{value} is no key (keys.{name}).")
                    raise SettingError(sentence, value=word, name=name)
                first = meanings.setdefault(format_key(word), name)
                if first != name:
                    sentence = mark("The key {value} stands for both {first} and {second}.")
                    raise SettingError(sentence, value=word, first=first, second=name)
    return changed


def is_key(word: str) -> bool:
    """Return whether a terminal can send a key of this name."""
    *modifiers, last = word.split("+") if len(word) > 1 else [word]
    if not set(modifiers) <= {"ctrl", "shift", "alt"}:
        return False
    shown = format_key(last)
    return last in Keys.__members__.values() or (
        len(shown) == 1 and shown.isascii() and shown != " "
    )
