"""Where the process begins: a command that ends at once has no time to lose."""

from __future__ import annotations

import gc
import os
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line of this process and end it."""
    gc.disable()  # a short life leaves nothing to collect; Session.stay says when it is a long one
    try:
        from airbook.cli.main import run as run_words

        run_words()
    except KeyboardInterrupt:  # before there was anything to interrupt
        os._exit(130)
