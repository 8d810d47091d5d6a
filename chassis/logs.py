"""Logs: one JSON object a line, or readable text on a laptop, with request, account and event ids."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog


def set_up(service: str) -> None:
    """Send all logs of this process, libraries' included, through one pipe to standard output."""
    shared: list[Any] = [
        lambda _logger, _name, entry: {"service": service, **entry},
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    is_text = os.environ.get("STEWARD_LOG", "json") == "text"
    tail = (
        [structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())]
        if is_text
        else [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *tail],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
