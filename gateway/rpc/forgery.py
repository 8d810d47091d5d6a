"""Messages of somebody who may not send them: not believed, counted, and told once in a while."""

from __future__ import annotations

import time

import structlog

from gateway import metrics
from kernel.seldom import Seldom

TOLD_SECONDS = 30.0

log = structlog.get_logger()
_seldom = Seldom(TOLD_SECONDS)


def note_forged(what: str, *, service: str, sender: object) -> None:
    """A message in the place of a service's came from another user of the broker."""
    metrics.count_forged(what)
    times = _seldom.count((what, service), time.monotonic())
    if times:
        log.error("message forged", what=what, service=service, sender=sender, times=times)
