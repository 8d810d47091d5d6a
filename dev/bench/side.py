"""One side of a comparison: a folder of code, with servers of its own and systems that run on them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from dev.state import State

HOST = Path(__file__).with_name("host.py")


class SideFailed(RuntimeError):
    """The code of a side does not do what it was told; why, its host has written."""


@dataclass(frozen=True)
class Running:
    """Where a system is that runs; `mark` is in the command of its broker, if that is a private one."""

    seconds: float
    url: str
    api_key: str
    amqp_uri: str
    databases: Mapping[str, str]
    pids: Mapping[str, int]
    mark: str


class Side:
    """Runs systems of the code in a folder; at the end of its block they and their servers are gone.

    Its host is a process of its own session: it ends when we do, in whatever way, and cleans up."""

    def __init__(self, name: str, code: Path) -> None:
        """Describe the side: what it is called, by which its servers' data lie apart, and its code."""
        self.name = name
        self.code = code
        state = State().folder / "bench" / name
        self.environment = {**os.environ, "STEWARD_STATE": str(state), "PYTHONPATH": str(code)}
        self._host: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start the host."""
        self._host = subprocess.Popen(
            [sys.executable, "-P", str(HOST)],
            cwd=self.code,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the host end, which stops and deletes all."""
        if self._host is not None:
            self._pipe(self._host.stdin).close()
            self._pipe(self._host.stdout).read()
            self._host.wait()

    def start(self, name: str, clock: Literal["manual", "system"] = "system") -> Running:
        """Start a system on a fresh instance.

        Raises:
            SideFailed: it did not start.
        """
        return Running(**self._tell("start", name, clock))

    def restart(self, name: str) -> Running:
        """Stop all processes of a system and start them again; `seconds` is what the start took.

        Raises:
            SideFailed: it did not start.
        """
        return Running(**self._tell("restart", name))

    def stop(self, name: str) -> None:
        """Stop a system and drop its data."""
        self._tell("stop", name)

    @contextmanager
    def run(self, name: str, clock: Literal["manual", "system"]) -> Iterator[Running]:
        """A system that runs while the block lasts."""
        yield self.start(name, clock)
        self.stop(name)

    def call(self, *command: str, **environment: str) -> str:
        """Run a Python command in the folder of the code to its end; what it printed.

        Raises:
            SideFailed: it failed; the text holds the end of what it said.
        """
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.code,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SideFailed(f"{self.name}: {' '.join(command)[:80]}: {done.stderr[-500:]}")
        return done.stdout

    def _tell(self, *command: str) -> dict[str, Any]:
        assert self._host is not None, "a side runs inside its block"
        try:
            print(*command, file=self._pipe(self._host.stdin), flush=True)
            return dict(json.loads(self._pipe(self._host.stdout).readline()))
        except (BrokenPipeError, json.JSONDecodeError):
            raise SideFailed(f"{self.name}: the host has ended at: {' '.join(command)}") from None

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None, "opened with the host"
        return pipe
