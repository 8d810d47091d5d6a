"""Runs a set of programs together: all or some started, stopped, killed, and waited for."""

import signal
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from dev.child import STOP_SECONDS_MAX, Child, PrintLine, Program

READY_SECONDS_MAX = 60.0
_POLL_SECONDS = 0.05


class NotReadyError(RuntimeError):
    """A program is not ready in time; the text holds the end of its log."""


class Supervisor:
    """Keeps programs running, and stops them when its `with` block ends."""

    def __init__(
        self, programs: Iterable[Program], *, logs: Path, print_line: PrintLine | None = None
    ) -> None:
        """Describe the programs; each writes `<name>.log` in the folder `logs`."""
        logs.mkdir(parents=True, exist_ok=True)
        self.children = {
            program.name: Child(program, logs / f"{program.name}.log", print_line)
            for program in programs
        }

    def __enter__(self) -> Self:
        """Start everything."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def start(self, *names: str) -> None:
        """Start the named programs, or all; those that run already go on."""
        for child in self._choose(names):
            child.start()

    def stop(self, *names: str) -> None:
        """Stop the named programs, or all, at the same time: SIGTERM, 30 s later SIGKILL."""
        chosen = self._choose(names)
        for child in chosen:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for child in chosen:
            child.wait_stopped(deadline)

    def restart(self, *names: str) -> None:
        """Stop the named programs, or all, in good order and start them again."""
        self.stop(*names)
        self.start(*names)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a program; if it dies of it, it is started again."""
        self.children[name].send(number)

    def pid(self, name: str) -> int | None:
        """Return the id of a program's process; none while it is down."""
        return self.children[name].pid

    def is_ready(self, name: str) -> bool:
        """Whether a program runs and says that it can do its work."""
        child = self.children[name]
        return child.pid is not None and child.program.is_ready()

    def wait_ready(self, *names: str, seconds_max: float = READY_SECONDS_MAX) -> None:
        """Wait until the named programs, or all that were started, are ready.

        Raises:
            NotReadyError: one is not in time.
        """
        chosen = self._choose(names) if names else self._list_wanted()
        waiting = [child.program.name for child in chosen]
        deadline = time.monotonic() + seconds_max
        while waiting := [name for name in waiting if not self.is_ready(name)]:
            if time.monotonic() > deadline:
                tail = self.children[waiting[0]].read_log_tail()
                raise NotReadyError(
                    f"Not ready within {seconds_max:.0f} s: {', '.join(waiting)}. "
                    f"The log of {waiting[0]} ends with:\n{tail}"
                )
            time.sleep(_POLL_SECONDS)

    def _choose(self, names: Iterable[str]) -> list[Child]:
        return [self.children[name] for name in names] or list(self.children.values())

    def _list_wanted(self) -> list[Child]:
        return [child for child in self.children.values() if child.is_wanted]
