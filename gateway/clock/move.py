"""One move of the clock: who has something to do does it, in order; who has nothing is told the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from datetime import time as time_of_day
from types import MappingProxyType
from typing import Any

from gateway.clock.agenda import Agenda, DailyJob, Step
from gateway.clock.failures import find_failures, jobs_failed, require_answers
from gateway.clock.settling import Settling
from gateway.problems import Problem
from gateway.rpc.contracts import zone_of
from gateway.rpc.internal import CallFailed, InternalCalls

JOBS_SECONDS_MAX = 600.0
GET_SECONDS_MAX = 5.0
STORE_SECONDS = 1.0  # of a long move: how often is kept how far it is
NO_JOBS: Mapping[str, list[str]] = MappingProxyType({})

Documents = dict[str, dict[str, Any]]
Store = Callable[[datetime, dict[str, int]], Awaitable[None]]


class Move:
    """From one moment to another; `reached` is the last moment at which all is settled."""

    def __init__(
        self,
        internal: InternalCalls,
        services: Documents,
        positions: dict[str, int],
        start: datetime,
        target: datetime,
    ) -> None:
        self._internal = internal
        self._services = services
        self._settling = Settling(internal, services, positions)
        self._agenda = Agenda(start, target, _daily_jobs(services))
        self._clocks: dict[str, datetime] = {}
        self._start, self._target = start, target
        self._stored_at = time.monotonic()
        self.reached = start

    async def play(self, store: Store) -> int:
        """Do all that is to be done, storing from time to time what is reached; through how many moments
        it went. Where it breaks off, who answers is left at the moment that was reached last."""
        try:
            await self._begin()
            return await self._go(store)
        except (CallFailed, Problem):
            await self._leave()
            if self.reached > self._start:
                await self._store(store)
            raise

    async def _begin(self) -> None:
        """Wait until all that was begun before is settled. Who has nothing to do on the way goes to the
        target at once: what it handles is of the moment at which it was announced."""
        busy = {name for name in self._services if self._is_busy(name)}
        found = await asyncio.gather(
            self._ask(busy),
            self._set(self._services.keys() - busy, self._target),
            return_exceptions=True,
        )
        asked, told = map(_require, found)  # after both have ended
        behind = [name for name in busy if self._clocks.get(name, self.reached) < self.reached]
        behind += [name for name in busy if name not in self._clocks]
        await self._bring(behind, self.reached)
        await self._settling.settle({**asked, **told})

    async def _go(self, store: Store) -> int:
        count = 0
        while step := self._agenda.next_step(self.reached, self._settling.due):
            await self._take(step)
            count += 1
            if time.monotonic() > self._stored_at + STORE_SECONDS:
                await self._store(store)
        await self._bring(
            [name for name, at in self._clocks.items() if at < self._target], self._target
        )
        count += self.reached < self._target
        self.reached = self._target
        await self._store(store)
        return count

    async def _store(self, store: Store) -> None:
        await store(self.reached, self._settling.positions)
        self._stored_at = time.monotonic()

    async def _take(self, step: Step) -> None:
        begun = await self._set(step.jobs, step.moment, step.jobs)
        await self._settling.settle(begun)
        if failures := find_failures(begun):
            raise jobs_failed(step.moment, failures)
        came_to = min(self._clocks[name] for name in step.jobs)
        if came_to >= step.moment:
            self._agenda.note_done(step)
        self.reached = max(self.reached, min(came_to, step.moment))

    async def _bring(self, names: Iterable[str], moment: datetime) -> None:
        """Bring services to a moment before which nothing is to be done but what is due there."""
        behind = list(names)
        while behind:
            await self._settling.settle(await self._set(behind, moment))
            behind = [name for name in behind if self._clocks[name] < moment]

    async def _leave(self) -> None:
        # Who does not answer is brought along by the next move.
        calls = [
            self._call(name, self.reached, then=self.reached, seconds_max=GET_SECONDS_MAX)
            for name in self._clocks
        ]
        await asyncio.gather(*calls, return_exceptions=True)

    async def _ask(self, names: Iterable[str]) -> dict[str, Any]:
        """What services say of their clocks and events. Problem 409 where one is beyond the target."""
        calls = {
            name: self._internal.call(
                name,
                "get_clock",
                position=self._settling.positions[name],
                seconds_max=GET_SECONDS_MAX,
            )
            for name in names
        }
        told = await self._all(calls)
        for name in names:
            at = self._clocks.get(name)
            if at is not None and at > self._target:
                detail = f"The clock only moves forward, and {name} is at {at.isoformat()} already."
                raise Problem(409, "clock_goes_back", detail)
        return told

    async def _set(
        self, names: Iterable[str], moment: datetime, jobs: Mapping[str, list[str]] = NO_JOBS
    ) -> dict[str, Any]:
        is_last = self._agenda.is_last(moment)
        calls = {
            name: self._call(
                name,
                moment,
                jobs=jobs.get(name, []),
                then=self._target if is_last and not self._has_due_times(name) else moment,
                seconds_max=JOBS_SECONDS_MAX if self._is_busy(name) else GET_SECONDS_MAX,
            )
            for name in names
        }
        return await self._all(calls, jobs)

    async def _call(
        self,
        name: str,
        moment: datetime,
        *,
        then: datetime,
        jobs: Iterable[str] = (),
        seconds_max: float,
    ) -> Any:
        return await self._internal.call(
            name,
            "set_clock",
            now=moment.isoformat(),
            then=then.isoformat(),
            since=self._start.isoformat(),
            jobs=list(jobs),
            position=self._settling.positions[name],
            seconds_max=seconds_max,
        )

    async def _all(
        self, calls: Mapping[str, Awaitable[Any]], jobs: Mapping[str, list[str]] = NO_JOBS
    ) -> dict[str, Any]:
        """The answers to all of the calls, by service. NotAllAnswered if any failed, after every one of
        them has ended: no call may still run when the clock is asked to move again."""
        told = await asyncio.gather(*calls.values(), return_exceptions=True)
        answers: dict[str, Any] = dict(zip(calls, told, strict=True))
        for name, answer in answers.items():
            if not isinstance(answer, BaseException) and answer["now"] is not None:
                self._clocks[name] = datetime.fromisoformat(answer["now"])
        require_answers(answers, jobs)
        return answers

    def _is_busy(self, name: str) -> bool:
        return name in self._agenda.with_jobs or self._has_due_times(name)

    def _has_due_times(self, name: str) -> bool:
        return bool(self._services[name].get("due_times"))


def _daily_jobs(services: Documents) -> list[DailyJob]:
    return [
        DailyJob(name, job["name"], time_of_day.fromisoformat(job["at"]), zone_of(document))
        for name, document in services.items()
        for job in document["daily"]
    ]


def _require(found: dict[str, Any] | BaseException) -> dict[str, Any]:
    if isinstance(found, BaseException):
        raise found
    return found
