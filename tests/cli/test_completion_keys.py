"""The Tab key in bash, zsh and fish: what it makes of a line, and that it can be installed."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from airbook.cli.framework.bash_words import split, unquote
from tests.cli.conftest import Inside
from tests.cli.shells import on_terminal, shell
from tests.support.home import Home

NAMES = ("Kim Lee", "O'Neil", 'a:b $HOME `x` "q" \\z', "~tilde", "김 서연", "kim@x.kr", "-dash")
# What is typed, and what Tab makes of it; the quotes and breaks of words are those of all shells.
TYPED = {
    "airbook pas": "airbook pas",
    "airbook eve": "airbook events ",
    "airbook planes --outp": "airbook planes --output ",
    "airbook planes -ota": "airbook planes -otable ",
    "airbook planes -o=ta": "airbook planes -o=table ",
    "airbook planes --output=ta": "airbook planes --output=table ",
    'airbook planes "--output=ta': 'airbook planes "--output=table" ',
    "airbook planes --as-of ye": "airbook planes --as-of yesterday ",
    "airbook reserve 1 --customer Kim": r"airbook reserve 1 --customer Kim\ Lee ",
    r"airbook reserve 1 --customer Kim\ L": r"airbook reserve 1 --customer Kim\ Lee ",
    'airbook reserve 1 --customer "Kim L': 'airbook reserve 1 --customer "Kim Lee" ',
    "airbook reserve 1 --customer 'Kim L": "airbook reserve 1 --customer 'Kim Lee' ",
    "airbook reserve 1 --customer 'O": r"airbook reserve 1 --customer 'O'\''Neil' ",
    "airbook my-page --customer a:": r"airbook my-page --customer a:b\ \$HOME\ \`x\`\ \"q\"\ \\z ",
    'airbook my-page --customer "a:': r'airbook my-page --customer "a:b \$HOME \`x\` \"q\" \\z" ',
    "airbook reserve 1 --customer=김": r"airbook reserve 1 --customer=김\ 서연 ",
    "airbook reserve 1 --customer kim@": "airbook reserve 1 --customer kim@x.kr ",
    "airbook reserve 1 --customer -d": "airbook reserve 1 --customer -dash ",
    "airbook --home fo": "airbook --home folder/",
    "airbook --home=fo": "airbook --home=folder/",
    "airbook --home ~/fo": "airbook --home ~/folder/",
    "airbook --config=tw": r"airbook --config=two\ words.csv ",
    "airbook import tw": r"airbook import two\ words.csv ",
    'airbook import "tw': 'airbook import "two words.csv" ',
    "airbook import folder/i": "airbook import folder/inner.csv ",
    "airbook --store pos": "airbook --store postgresql://",
    "airbook --store sqlite:///fol": "airbook --store sqlite:///folder/",
    "airbook --store=sqlite:///tw": r"airbook --store=sqlite:///two\ words.csv ",
    "airbook planes > tw": r"airbook planes > two\ words.csv ",
    "airbook planes; airbook eve": "airbook planes; airbook events ",
    "airbook planes -- -": "airbook planes -- -",
}
# What a shell reads when it starts, and the person's own prompt in it.
START_UP = {
    "bash": (".bashrc", "PS1='READY>'\n"),
    "zsh": (".zshrc", "PS1='READY>'\n"),
    "fish": (".config/fish/config.fish", "function fish_prompt; printf 'READY>'; end\n"),
}


@pytest.fixture
def filled(inside: Inside) -> Home:
    inside("admin", "add-plane", "--seats", "5")
    for name in NAMES:
        inside("reserve", "1", "--customer", name)
    (inside.folder / "two words.csv").touch()
    (inside.folder / "folder").mkdir()
    (inside.folder / "folder" / "inner.csv").touch()
    return inside


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_tab(filled: Home, name: str):
    with shell(name, filled) as (typed, program):
        assert {line: typed.press(line, "\t") for line in TYPED} == TYPED
    assert {(one.code, one.err) for one in program.answers.values()} == {(0, "")}


def test_what_fish_offers(filled: Home):
    """Without a terminal, fish lists what Tab would insert."""
    with shell("fish", filled) as (typed, _):
        offered = {line: typed.values(line) for line in TYPED}
    words = {line: unquote(split(TYPED[line].rstrip())[-1])[0] for line in TYPED}
    assert offered == {line: [word] * (TYPED[line] != line) for line, word in words.items()}


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_installed_script(home: Home, name: str):
    """The real program in a real shell, which a person starts, and starts again."""
    path = f"{Path(sys.executable).parent}:{home.environment['PATH']}"
    environment = {**home.environment, "PATH": path}
    file, prompt = START_UP[name]
    (home.folder / file).parent.mkdir(parents=True, exist_ok=True)
    (home.folder / file).write_text(prompt)
    for line, shown in (
        ("airbook --install-completion", "restart the terminal"),
        ("airbook config show -o pla\t --log-level deb\t", r"log_level\tdebug\tflag"),
    ):
        with closing(on_terminal(name, [], environment, home.folder)) as terminal:
            terminal.expect("READY>")
            terminal.send(f"{line}\r")
            terminal.expect(shown)
