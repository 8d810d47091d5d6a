"""The system of docker-compose.yml under a project name of its own: built, up, down without a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

import docker

from dev.ports import free_port
from dev.state import PROJECT
from ops.client import Client
from ops.instances import OWNERS

BUILD_SECONDS_MAX = 1800
COMMAND_SECONDS_MAX = 600
HEALTHY_SECONDS_MAX = 180
TAG = "test"  # kept, so that a second run builds in seconds


def find_compose() -> list[str] | None:
    """The command for compose files: Compose v2, else v1; none where there is neither."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            probe = subprocess.run([*command, "version"], capture_output=True, check=False)
            if probe.returncode == 0:
                return command
    return None


def wait_until(is_true: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Ask until the answer is truthy; the answer."""
    deadline = time.monotonic() + seconds
    while not (answer := is_true()):
        assert time.monotonic() < deadline, f"not in {seconds} s: {what}"
        time.sleep(0.2)
    return answer


class Composed:
    """One project of docker-compose.yml."""

    def __init__(self, engine: docker.DockerClient, compose: list[str]) -> None:
        self.engine = engine
        self.project = f"steward-test-{os.getpid()}"
        self.port = free_port()
        self.client: Client
        self._compose = [*compose, "--project-name", self.project]
        self._environment = {
            **os.environ,
            **{f"STEWARD_{owner.upper()}_TAG": TAG for owner in OWNERS},
            "STEWARD_PORT": str(self.port),
            "STEWARD_ENV": "production",
            "STEWARD_CLOCK": "system",
        }

    def build(self) -> None:
        """Build the images of the working tree."""
        self.run("build", seconds=BUILD_SECONDS_MAX)

    def up(self) -> None:
        """Start, and return when every process is healthy and the gateway knows all services."""
        self.run("up", "--detach", "--no-build")
        wait_until(self._is_healthy, "all containers healthy", HEALTHY_SECONDS_MAX)

    def make_key(self) -> None:
        """Make a first API key as a stranger would, and a client with it."""
        printed = self.run(
            *("exec", "-T", "gateway", "./start", "create-key", "--name", "admin", "--scopes", "*")
        )
        self.client = Client(f"http://127.0.0.1:{self.port}", printed.split()[-1])

    def down(self, *options: str) -> None:
        """Remove the containers, and with `--volumes` all data."""
        self.run("down", "--remove-orphans", *options)

    def run(self, *arguments: str, seconds: float = COMMAND_SECONDS_MAX) -> str:
        """Run a command of compose; what it wrote to its output."""
        done = subprocess.run(
            [*self._compose, *arguments],
            cwd=PROJECT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout[-4000:]}{done.stderr[-4000:]}"
        return done.stdout

    def container(self, name: str) -> Any:
        """The container of a service of the compose file."""
        return self._list(f"com.docker.compose.service={name}")[0]

    def containers(self) -> dict[str, Any]:
        """Every container of the project by its name in the compose file."""
        label = "com.docker.compose.service"
        return {each.labels[label]: each for each in self._list()}

    def read_logs(self) -> str:
        """The last lines of every container."""
        return self.run("logs", "--no-color", "--tail", "40")

    def _list(self, *labels: str) -> list[Any]:
        wanted = [f"com.docker.compose.project={self.project}", *labels]
        found: list[Any] = self.engine.containers.list(all=True, filters={"label": wanted})
        return found

    def _is_healthy(self) -> bool:
        there = self.containers()
        return all(
            there[name].attrs["State"].get("Health", {}).get("Status") == "healthy"
            for name in ("rabbitmq", "postgres", *OWNERS)
        )
