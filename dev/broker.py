"""The RabbitMQ node: a private one below the state folder, or the one that `AMQP_URI` names."""

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Protocol

import amqp

from dev import instances, ports, processes
from dev.binaries import ServersMissing, require_rabbitmq
from dev.state import State, derive_password, write_private

START_SECONDS_MAX = 90.0
STOP_SECONDS_MAX = 60.0

_CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
load_definitions = {definitions}
log.file.level = warning
log.console = false
"""


class Broker(Protocol):
    """What the commands need of a broker."""

    is_private: bool

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...
    def uri(self, owner: str, instance: str) -> str: ...
    def make(self, instance: str) -> None: ...
    def drop(self, instance: str) -> None: ...


class PrivateBroker:
    """A RabbitMQ node of our own: own name, ports, cookie, data; loopback only."""

    is_private = True

    def __init__(self, state: State) -> None:
        """Nothing starts yet."""
        self._state = state
        self._folder = state.folder / "broker"
        self._node = f"steward-{state.mark}@localhost"

    @property
    def port(self) -> int:
        """The AMQP port."""
        return int(self._state.read("broker.json")["port"])

    def is_running(self) -> bool:
        """Whether our node lives and answers."""
        return self._pid() is not None and ports.is_open(self.port)

    def start(self) -> None:
        """Start the node unless it runs, and return when it serves.

        Raises:
            ServersMissing: RabbitMQ is not installed, or the node did not come up.
        """
        if self.is_running():
            return
        script = require_rabbitmq(self._state)
        self.kill()
        chosen = self._choose_ports()
        self._write_configuration(chosen["port"])
        environment = self._environment(chosen)
        log = self._state.log("broker")
        epmd = processes.spawn_detached(
            [_find_epmd(), "-address", "127.0.0.1", "-port", str(chosen["epmd"])],
            env=environment,
            log=log,
        )
        (self._folder / "epmd.pid").write_text(str(epmd))
        ports.wait_open(chosen["epmd"], seconds_max=10)
        processes.spawn_detached([str(script)], env=environment, log=log)
        self._wait_until_ready(log)

    def stop(self) -> None:
        """Stop the node in good order, then its port mapper."""
        if (pid := self._pid()) is not None:
            processes.send([pid], signal.SIGTERM)
            processes.wait_gone([pid], seconds_max=STOP_SECONDS_MAX)
        self.kill()

    def kill(self) -> None:
        """End the node at once, as a power cut would."""
        for pid in (self._pid(), self._epmd_pid()):
            if pid is not None:
                processes.send([pid], signal.SIGKILL)
                processes.wait_gone([pid], seconds_max=10)

    def uri(self, owner: str, instance: str) -> str:
        """Return the address for a service's own user in an instance's virtual host."""
        user = instances.name_user(owner)
        host = instances.name_virtual_host(instance)
        return f"amqp://{user}:{self._password(user)}@127.0.0.1:{self.port}/{host}"

    def make(self, instance: str) -> None:
        """Make the virtual host of an instance, and bring users and permissions up to date."""
        known: list[str] = self._state.read("broker/instances.json").get("names", [])
        names = sorted({*known, instance})
        path = self._folder / "definitions.json"
        ...

    def drop(self, instance: str) -> None:
        """Delete the virtual host of an instance with all that is in it."""
