"""One program that is kept running: started, started again when it dies, stopped when told."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from dev import ports
from dev.state import PROJECT
from ops.console import say

BACKOFF_SECONDS_MIN = 0.2
BACKOFF_SECONDS_MAX = 5.0
STEADY_SECONDS = 10.0
STOP_SECONDS_MAX = 30.0
LOG_TAIL_BYTES = 4_000

PrintLine = Callable[[str, str], None]
"""Takes the name of a program and a line it wrote."""


@dataclass(frozen=True)
class Program:
    """A program to keep running.

    `health` is an `http://` address that answers 200, or a `tcp://` one that accepts, when ready.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    health: str | None = None

    def is_ready(self) -> bool:
        """Whether the program says that it can do its work."""
        if self.health is None:
            return True
        if self.health.startswith("tcp://"):
            return ports.is_open(urlsplit(self.health).port or 0)
        try:
            with urllib.request.urlopen(self.health, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class Child:
    """A program and, most of the time, the process that runs it.

    A thread of its own starts the process and waits for it: Linux ends the process when the thread
    that started it ends (`--pdeathsig`), so nothing outlives a supervisor that is killed.
    """

    def __init__(self, program: Program, log: Path, print_line: PrintLine | None = None) -> None:
        """Describe the child; `print_line`, if given, gets each line it writes."""
        self.program = program
        self.log = log
        self.restarts = 0
        self._print_line = print_line
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process; none while it is down."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    @property
    def is_wanted(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._thread is not None and not self._stopping.is_set()

    def start(self) -> None:
        """Keep the process running from now on."""
        if self.is_wanted:
            return
        self.wait_stopped(time.monotonic() + STOP_SECONDS_MAX)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the process finish what it does (SIGTERM); it is not started again."""
        with self._changing:
            self._stopping.set()
            if (pid := self.pid) is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
                    os.kill(pid, signal.SIGCONT)

    def wait_stopped(self, deadline: float) -> None:
        """Wait until the process has ended; kill it when the deadline (monotonic) has passed."""
        if self._thread is None:
            return
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._thread.is_alive():
            say(f"{self.program.name} did not stop within {STOP_SECONDS_MAX:.0f} s and is killed.")
            self.send(signal.SIGKILL)
            self._thread.join()
        self._thread = None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and to what it started."""
        if (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)

    def read_log_tail(self) -> str:
        """Return the end of the log."""
        if not self.log.exists():
            return ""
        return self.log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")

    def _keep_running(self) -> None:
        stopping = self._stopping
        backoff_seconds = BACKOFF_SECONDS_MIN
        while (started := self._spawn(stopping)) is not None:
            began = time.monotonic()
            status = self._watch(started)
            if stopping.is_set():
                return
            if time.monotonic() - began > STEADY_SECONDS:
                backoff_seconds = BACKOFF_SECONDS_MIN
            self._tell(f"ended with status {status}; starts again in {backoff_seconds:.1f} s")
            stopping.wait(backoff_seconds)
            backoff_seconds = min(backoff_seconds * 2, BACKOFF_SECONDS_MAX)
            self.restarts += 1

    def _spawn(self, stopping: threading.Event) -> subprocess.Popen[bytes] | None:
        """Start the process unless somebody has asked it to stop meanwhile."""
        with self._changing:
            if stopping.is_set():
                return None
            with open(self.log, "ab") as log:
                self._process = subprocess.Popen(
                    [*_leash(), *self.program.argv],
                    cwd=PROJECT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.env},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE if self._print_line else log,
                    stderr=subprocess.STDOUT,
                    process_group=0,
                )
            return self._process

    def _watch(self, process: subprocess.Popen[bytes]) -> int:
        """Copy what the process writes, if it is to be seen, and return its exit status."""
        if process.stdout is not None:
            with process.stdout, open(self.log, "ab", buffering=0) as log:
                self._copy(process.stdout, log)
        return process.wait()

    def _copy(self, output: IO[bytes], log: IO[bytes]) -> None:
        for line in output:
            log.write(line)
            if self._print_line is not None:
                self._print_line(self.program.name, line.decode(errors="replace").rstrip("\n"))

    def _tell(self, text: str) -> None:
        with open(self.log, "a") as log:
            log.write(f"--- {self.program.name} {text}\n")
        if self._print_line is not None:
            self._print_line(self.program.name, text)


def _leash() -> list[str]:
    """Return what makes Linux kill a process when we die; elsewhere `stop` alone has to do it."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
