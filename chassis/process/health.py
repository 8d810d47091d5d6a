"""The pages of a service process: is it alive, can it work, what is measured."""

from __future__ import annotations

import time
from typing import Any

import orjson
from eventlet import wsgi
from prometheus_client import generate_latest

from chassis.doors.held import count_held
from chassis.ground import metrics
from chassis.process.measured import Measured
from chassis.store.dialect import ALONE

SEEN_SECONDS = 2.0  # how long one look at the database is good for


def serve(socket: Any, runtime: Any) -> None:
    """Serve the pages of a process on a socket, for as long as it lives."""
    wsgi.server(socket, Pages(runtime).answer, log_output=False, socket_timeout=10)


class Pages:
    """What is told of one process."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._engine = runtime.engine.execution_options(**ALONE)
        self._measured = Measured(runtime.engine, runtime.container.service_cls.measures)
        self._seen_at = 0.0
        self._has_database = False
        self._held: dict[str, int] = {}

    def answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """One page (WSGI)."""
        path = environ["PATH_INFO"]
        if path == "/metrics":
            metrics.POOL_USED.set(self._engine.pool.checkedout())
            for listener in self._runtime.listeners:
                metrics.IN_FLIGHT.labels(listener.name).set(listener.in_flight)
            start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4")])
            return [generate_latest(metrics.REGISTRY), self._measured.tell()]
        state = {"/health/live": self._liveness, "/health/ready": self._readiness}.get(path)
        if state is None:
            start_response("404 Not Found", [])
            return [b""]
        found = state()
        # What is told besides does not hinder the process in its work.
        is_good = all(value for value in found.values() if isinstance(value, bool))
        status = "200 OK" if is_good else "503 Service Unavailable"
        start_response(status, [("Content-Type", "application/json")])
        return [orjson.dumps(found)]

    def _liveness(self) -> dict[str, Any]:
        return {"alive": True, "version": self._runtime.container.service_cls.version}

    def _readiness(self) -> dict[str, Any]:
        self._look_at_database()
        missing = self._runtime.watch.missing
        return {
            "database": self._has_database,
            **{listener.name: listener.is_connected for listener in self._runtime.listeners},
            "topology": not missing,
            "missing": missing,
            "held_events": self._held,
        }

    def _look_at_database(self) -> None:
        if time.monotonic() - self._seen_at <= SEEN_SECONDS:
            return
        try:
            with self._engine.connect() as connection:
                self._held = count_held(connection)
            self._has_database = True
        except Exception:
            self._has_database = False
        self._seen_at = time.monotonic()
