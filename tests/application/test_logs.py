"""What a lasting process writes to stderr besides its own messages."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import structlog

from airbook.application.log_level import LogLevel
from airbook.application.logs import configure


def test_messages_of_libraries_stay_out_of_the_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    monkeypatch.setattr(logging.root.manager, "emittedNoHandlerWarning", False)
    library = logging.getLogger("a library")
    monkeypatch.setattr(library, "propagate", False)  # the handlers of pytest are further up
    try:
        configure(LogLevel(lambda: "info", Path("nowhere")), color=False)
        library.error("The connection was lost.")
    finally:
        structlog.reset_defaults()
    assert capsys.readouterr().err == ""
