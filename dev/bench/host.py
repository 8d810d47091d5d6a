"""Starts and stops systems of the code that lies in the folder where it runs, as it is told.

    PYTHONPATH=. python -P …/host.py     (in the folder of that code, of this commit or another)

Each line that comes in is a command: `start NAME CLOCK`, `restart NAME` or `stop NAME`; each is answered
with a line of JSON. When no more can come, all is stopped, and the servers with their data are gone.
"""

import json
import sys
import time
from typing import Any

from dev import servers
from dev.system import System
from ops.instances import OWNERS

# One key does all the work here, so the limits for a key are out of the way.
ENVIRONMENT = {"STEWARD_REQUESTS_PER_SECOND": "1000000", "STEWARD_CALLS_PER_KEY": "1000"}


class Host:
    """The systems that run, by name."""

    def __init__(self) -> None:
        self._systems: dict[str, System] = {}

    def start(self, name: str, clock: Any) -> dict[str, Any]:
        """Make an instance and start a system on it; where it is."""
        instance = servers.make_instance(name)
        started = time.perf_counter()
        system = System(servers=instance, clock=clock, environment=ENVIRONMENT)
        self._systems[name] = system
        system.start()
        return self._describe(system, started)

    def restart(self, name: str) -> dict[str, Any]:
        """Stop all processes of a system in good order and start them again; where they are."""
        supervisor = self._systems[name].supervisor
        supervisor.stop()
        started = time.perf_counter()
        supervisor.start()
        supervisor.wait_ready()
        return self._describe(self._systems[name], started)

    def stop(self, name: str) -> dict[str, Any]:
        """Stop a system and drop its instance."""
        self._systems.pop(name).stop()
        servers.drop_instance(name)
        return {}

    def end(self) -> None:
        """Stop all systems, then the servers, and delete their data."""
        for system in self._systems.values():
            system.stop()
        servers.clean()

    def _describe(self, system: System, started: float) -> dict[str, Any]:
        place = system.servers
        return {
            "seconds": time.perf_counter() - started,
            "url": system.url,
            "api_key": system.api_key,
            "amqp_uri": place.amqp_uri("admin"),
            "databases": {owner: place.database_url(owner) for owner in OWNERS},
            "pids": {owner: system.supervisor.pid(owner) for owner in OWNERS},
            "mark": f"-steward {place.state.mark}",
        }


def main() -> None:
    """Do what the lines say until there are no more."""
    host = Host()
    try:
        for line in sys.stdin:
            command, *arguments = line.split()
            print(json.dumps(getattr(host, command)(*arguments)), flush=True)
    finally:
        host.end()


if __name__ == "__main__":
    main()
