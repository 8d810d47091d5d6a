"""Loopback ports for what this folder starts."""

import random
import socket
import time

# Below the range from which Linux and macOS take the local ports of outgoing connections: a client
# that retries against a stopped server there can be given the very port it calls, and then talks to
# itself and keeps the server from coming back.
_RANGE = range(15_000, 32_000)
_given: set[int] = set()
_chance = random.SystemRandom()  # what a test draws is the same in all processes; ports must not be


def free_port() -> int:
    """Return a port nobody listens on, never the same one twice in a process."""
    while True:
        port = _chance.choice(_RANGE)
        if port not in _given and is_free(port):
            _given.add(port)
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def is_open(port: int) -> bool:
    """Whether somebody answers on this loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def keep_or_choose(remembered: int | None) -> int:
    """Return the remembered port if it is still free, else a new one."""
    if remembered is not None and is_free(remembered):
        return remembered
    return free_port()


def wait_open(port: int, *, seconds_max: float) -> bool:
    """Wait until somebody answers on the port; false when nobody does in time."""
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        if is_open(port):
            return True
        time.sleep(0.05)
    return False
