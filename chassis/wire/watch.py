"""The watch over a service's queues and exchanges: looked at whenever a connection is made, and every
minute; what is missing is declared again, and what cannot be had is known."""

from __future__ import annotations

import time

import eventlet
import structlog
from eventlet.semaphore import Semaphore
from kombu import Connection

from chassis.ground import metrics
from chassis.ground.config import look_seconds, settings
from chassis.wire.listener import CONNECTION_ERRORS
from chassis.wire.mending import mend, unbind
from chassis.wire.topology import Binding, Topology

LOOK_SECONDS = look_seconds()
AGAIN_SECONDS = 5.0  # where something is missing
FRESH_SECONDS = 1.0  # a look that is not older is as good as a new one

log = structlog.get_logger()


class Watch:
    """Looks after one topology."""

    def __init__(self, topology: Topology) -> None:
        self.missing: list[str] = ["a look at the broker"]
        self._topology = topology
        self._unwanted: set[tuple[str, Binding]] = set()
        self._turn = Semaphore(1)
        self._looked_at = -FRESH_SECONDS

    def run(self) -> None:
        """Look again and again; ends with its process."""
        while True:
            try:
                with Connection(settings().amqp_uri, connect_timeout=5) as connection:
                    connection.connect()
                    self.look(connection)
            except CONNECTION_ERRORS as error:
                log.warning("broker_not_looked_at", error=repr(error)[:300])
            eventlet.sleep(min(AGAIN_SECONDS, LOOK_SECONDS) if self.missing else LOOK_SECONDS)

    def want_no_more(self, queue: str, binding: Binding) -> None:
        """Unbind, with the next look, what brings messages that nobody here takes any more."""
        self._unwanted.add((queue, binding))

    def look(self, connection: Connection) -> None:
        """Have on the broker what should be there."""
        with self._turn:
            if time.monotonic() - self._looked_at < FRESH_SECONDS:
                return
            found = mend(connection, self._topology)
            while self._unwanted:
                unbind(connection, *self._unwanted.pop())
            self._looked_at = time.monotonic()
        if found.mended:
            # A queue that was away has missed what was announced meanwhile.
            log.error("topology_mended", what=found.mended)
            metrics.TOPOLOGY_MENDED.inc(len(found.mended))
        if found.missing and found.missing != self.missing:
            log.error("topology_missing", what=found.missing)
        self.missing = found.missing
        metrics.TOPOLOGY_MISSING.set(len(found.missing))
