"""Several workers on one socket: started, started again when one dies, stopped together."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import socket
import tempfile
import time
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from prometheus_client.multiprocess import mark_process_dead

from gateway.edge.server import listen, serve
from gateway.settings import Settings, own_settings

RESTART_SECONDS = 1.0
LOOK_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


def run(settings: Settings) -> None:
    """Serve with as many workers as the settings say, until told to stop."""
    listener = listen(settings)
    if settings.workers == 1:
        serve(settings, listener)
        return
    with tempfile.TemporaryDirectory(prefix="steward-metrics-") as folder:
        # Read by prometheus-client when a worker imports it: the workers' counts meet in this folder.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _supervise(settings.workers, listener, folder)


def _supervise(count: int, listener: socket.socket, folder: str) -> None:
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.append(number))
    workers = [_start(listener) for _ in range(count)]
    while not told:
        wait([worker.sentinel for worker in workers], timeout=LOOK_SECONDS)
        for index, worker in enumerate(workers):
            if not worker.is_alive() and not told:
                mark_process_dead(worker.pid, path=folder)
                time.sleep(RESTART_SECONDS)
                workers[index] = _start(listener)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


def _start(listener: socket.socket) -> BaseProcess:
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(listener, os.getpid())
    )
    process.start()
    return process


def _work(listener: socket.socket, parent: int) -> None:
    # Should the parent be killed, its workers stop, in good order.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == parent:
        serve(own_settings(), listener)
