"""The entry point of the process, which loads the rest of the program."""

from __future__ import annotations

import gc
import os
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line of this process, and end the process."""
    try:
        gc.disable()  # short runs save time; Session.enable_garbage_collection serves the long ones
        from airbook.cli.main import run as run_words

        run_words()
    except KeyboardInterrupt:  # Ctrl-C while the modules are loaded
        os._exit(130)
