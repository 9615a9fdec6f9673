"""The messages of the daemon on stderr: text on a terminal, otherwise lines of JSON."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import FilteringBoundLogger, Processor


def configure(level: str, *, color: bool) -> FilteringBoundLogger:
    """Set up logging and return the logger; its messages are not translated.

    level: debug, info, warning or error. color: use colors on a terminal.
    """
    terminal = sys.stderr.isatty()
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=color, sort_keys=False)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries report lost connections with a traceback, each time; the daemon says it once.
    logging.lastResort = None
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger
