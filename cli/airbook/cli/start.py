"""Where the process begins: a command that ends at once has no time to lose."""

from __future__ import annotations

import gc
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line of this process and end it."""
    gc.disable()  # a short life leaves nothing to collect; Session.stay says when it is a long one
    from airbook.cli.main import run as run_words

    run_words()
