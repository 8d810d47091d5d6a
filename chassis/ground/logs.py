"""Logs: one JSON object a line, or readable text on a laptop, with request, account and event ids."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

import structlog

from kernel.seldom import Seldom

SELDOM_SECONDS = 30.0

log = structlog.get_logger()
_seldom = Seldom(SELDOM_SECONDS)


def tell_seldom(event: str, *, of: str = "", **fields: Any) -> None:
    """Log what may happen thousands of times while something is away: the first time, then once in
    `SELDOM_SECONDS` for each event and what it is `of`, with how many `times` it was."""
    times = _seldom.count((event, of), time.monotonic())
    if times:
        log.warning(event, of=of, times=times, **fields)


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
