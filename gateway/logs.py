"""Logs: structured lines on standard output, JSON or text; access lines are written in batches."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

FLUSH_SECONDS = 0.1
LINES_MAX = 1000  # waiting to be written; more are written at once


def configure(*, is_json: bool) -> None:
    """Set up logging for this process: ours, and warnings of the libraries."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=_dump)
        if is_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # What clients send wrong is answered, and in the access log: no second line for each.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    # Lost connections are told by `broker` in one line.
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)


class AccessLog:
    """One line per request, with the fields that are there."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._lines: list[bytes] = []

    def write(self, fields: dict[str, Any]) -> None:
        """Remember a line; it is on standard output within `FLUSH_SECONDS`."""
        now = datetime.fromtimestamp(time.time(), UTC)
        if self._is_json:
            line = orjson.dumps({"event": "request", "level": "info", "timestamp": now, **fields})
        else:
            told = " ".join(f"{name}={value}" for name, value in fields.items())
            line = f"{now:%Y-%m-%d %H:%M:%S} request {told}".encode("utf-8", "replace")
        self._lines.append(line)
        if len(self._lines) >= LINES_MAX:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._lines:
            lines, self._lines = self._lines, []
            sys.stdout.buffer.write(b"\n".join(lines) + b"\n")
            sys.stdout.buffer.flush()

    async def keep_flushing(self) -> None:
        """Write what waits, again and again, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            self.flush()


def _dump(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
