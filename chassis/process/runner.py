"""Running a service process: starts its container, stops it in order on SIGTERM."""

from __future__ import annotations

import logging
import signal
from typing import Any

import eventlet
import nameko
import structlog
from nameko.containers import ServiceContainer

from chassis.ground import logs, tracing
from chassis.ground.config import (
    SERVICE_WORKERS,
    ConfigurationError,
    require_own_user,
    settings,
)
from chassis.service import load
from kernel.garbage import rest_collector


def run(package: str) -> int:
    """Run the service of a package until it is told to stop; the exit status.

    A container that dies ends the process with status 1: a supervisor starts it again."""
    is_text, is_traced = settings().is_log_text, settings().is_traced
    cls = load(package)
    require_own_user(cls.name)
    _read_settings(cls)
    logs.set_up(cls.name, is_text=is_text)
    if is_traced:
        tracing.start(cls.name)
    nameko.config.setup({"AMQP_URI": settings().amqp_uri, "max_workers": SERVICE_WORKERS})
    container = ServiceContainer(cls)

    def stop(*_: Any) -> None:
        eventlet.spawn_n(container.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log = structlog.get_logger()
    container.start()
    rest_collector()
    log.info("started")
    try:
        container.wait()
    except Exception:
        logging.getLogger(__name__).exception("the container died")
        return 1
    log.info("stopped")
    return 0


def _read_settings(cls: Any) -> None:
    for read in cls.settings:
        try:
            read()
        except ValueError as error:
            raise ConfigurationError(str(error)) from error
