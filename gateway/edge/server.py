"""The server process: uvicorn with our protocol and a sweep over its connections."""

from __future__ import annotations

import resource
import signal
import socket
import time

import uvicorn

from gateway import logs, tracing
from gateway.app import Gateway
from gateway.edge.protocol import Protocol
from gateway.parts import Parts
from gateway.settings import Settings
from kernel.garbage import rest_collector

STOP_SECONDS_MAX = 25
DESCRIPTORS_KEPT = 100  # for database, broker, logs and what is just being opened
TICKS_PER_SWEEP = 10
BACKLOG = 4096


class Server(uvicorn.Server):
    """uvicorn, which sweeps its connections once a second."""

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; whether to stop."""
        if counter % TICKS_PER_SWEEP == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                connection.check(now)  # type: ignore[union-attr]
        return await super().on_tick(counter)


def listen(settings: Settings) -> socket.socket:
    """The listening socket. SystemExit with a sentence where the address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(
            (settings.host, settings.port), family=family, backlog=BACKLOG, reuse_port=False
        )
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise SystemExit(f"gateway: cannot listen on {address}: {error.strerror}.") from error


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until told to stop; requests under way are finished first."""
    logs.configure(is_json=settings.is_log_json)
    if settings.is_traced:
        tracing.start()
    Protocol.connections_max = min(settings.connections_max, _descriptors() - DESCRIPTORS_KEPT)
    config = uvicorn.Config(
        Gateway(Parts(settings)),
        http=Protocol,
        ws="none",
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
        backlog=BACKLOG,
    )
    server = Server(config)
    # uvicorn listens for signals a while later, and raises the one that stopped it once more when all
    # is done: the first shall not be lost, the second shall not be an error.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    rest_collector()
    server.run(sockets=[listener])


def _descriptors() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = 1 << 20
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
