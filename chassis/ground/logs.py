"""Logs: one JSON object a line, or readable text on a laptop, with request, account and event ids."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def set_up(service: str, *, is_text: bool) -> None:
    """Send all logs of this process, libraries' included, through one pipe to standard output."""
    shared: list[Any] = [
        lambda _logger, _name, entry: {"service": service, **entry},
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # No locals in tracebacks: they hold personal data and passwords, and rendering them prettily holds
    # up the whole process for a second and more.
    tail = (
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if is_text
        else [
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
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
