"""Workers: greenthreads that do one job after the other. A new one for each job costs the system a piece
of memory, to be given, cleaned and taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from eventlet.event import Event as Signal

Job = Callable[[], None]


class Workers:
    """As many as were ever at work at once; whoever gives them jobs sees to it that those are not too
    many. A job that raises ends its worker."""

    def __init__(self, spawn: Callable[[Job], object]) -> None:
        """Start workers by `spawn`."""
        self._spawn = spawn
        self._idle: list[Signal] = []

    def do(self, job: Job, ended: Job) -> None:
        """Have the job done, and `ended` called when its worker is free for another."""
        if self._idle:
            self._idle.pop().send((job, ended))
        else:
            self._spawn(partial(self._work, job, ended))

    def _work(self, job: Job, ended: Job) -> None:
        while True:
            job()
            turn = Signal()
            self._idle.append(turn)
            ended()  # which may be this worker's next turn
            job, ended = turn.wait()
