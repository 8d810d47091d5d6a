"""What is to come between two moments: daily jobs, told by contracts, and due times, told by services."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kernel.calendar import day_at, each_day, moment_at

Due = dict[str, list[str]]  # by service: jobs


class DailyJob(NamedTuple):
    """A service's daily job: its time of day, in the time zone that the service goes by."""

    service: str
    name: str
    at: time
    zone: ZoneInfo


class Step(NamedTuple):
    """Who goes now, up to which moment, with which jobs there; nobody else has anything to do before."""

    moment: datetime
    jobs: Due


class Agenda:
    """Who has something to do next. Due times of a moment come before its jobs."""

    def __init__(self, start: datetime, target: datetime, jobs: Iterable[DailyJob]) -> None:
        self._target = target
        self._moments = list(moments(start, target, jobs))[::-1]
        self.with_jobs = {name for _, due in self._moments for name in due}
        """The services that have jobs to do."""

    def next_step(self, reached: datetime, due: Mapping[str, datetime]) -> Step | None:
        """The next step from the moment `reached`, `due` being the first due time of each service that
        has one; None where only the target is left.

        One who is alone in having due times goes as far as nobody else has anything to do."""
        ahead = sorted((max(at, reached), name) for name, at in due.items() if at <= self._target)
        until = self._moments[-1][0] if self._moments else self._target
        if not ahead or ahead[0][0] > until:
            return Step(*self._moments[-1]) if self._moments else None
        first = ahead[0][0]
        together = [name for at, name in ahead if at == first]
        if len(together) == 1:
            first = min([until, *(at for at, _ in ahead[1:])])
        return Step(first, {name: [] for name in together})

    def is_last(self, moment: datetime) -> bool:
        """Whether no job is due after a moment."""
        return not self._moments or self._moments[0][0] <= moment

    def note_done(self, step: Step) -> None:
        """What was to be done in a step is done."""
        if self._moments and step == Step(*self._moments[-1]):
            self._moments.pop()


def moments(
    start: datetime, target: datetime, jobs: Iterable[DailyJob]
) -> Iterator[tuple[datetime, Due]]:
    """Every moment in (start, target] at which jobs are due, in order, with these jobs."""
    occasions = heapq.merge(*(_occasions(job, start, target) for job in jobs), key=itemgetter(0))
    for moment, together in groupby(occasions, key=itemgetter(0)):
        due: Due = {}
        for _, job in together:
            due.setdefault(job.service, []).append(job.name)
        yield moment, due


def _occasions(
    job: DailyJob, start: datetime, target: datetime
) -> Iterator[tuple[datetime, DailyJob]]:
    for day in each_day(day_at(start, job.zone), day_at(target, job.zone)):
        moment = moment_at(day, job.at, job.zone)
        if start < moment <= target:
            yield moment, job
