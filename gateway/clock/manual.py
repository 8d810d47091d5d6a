"""The manual clock: moving it makes every service do what would have happened meanwhile, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from types import MappingProxyType
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from gateway.clock.agenda import Agenda, DailyJob
from gateway.clock.failures import find_failures, jobs_failed, require_answers, services_away
from gateway.clock.settling import Settling
from gateway.database import Database
from gateway.models import clock
from gateway.problems import Problem
from gateway.rpc.contracts import Contracts, zone_of
from gateway.rpc.internal import CallFailed, InternalCalls

MOVE_LOCK = 0x57E3A2E  # one move at a time, whichever worker was asked
JOBS_SECONDS_MAX = 600.0
GET_SECONDS_MAX = 5.0

log = structlog.get_logger()


class ManualClock:
    """The one moment that all services share, kept in the gateway's database."""

    def __init__(self, database: Database, internal: InternalCalls, contracts: Contracts) -> None:
        self._database = database
        self._internal = internal
        self._contracts = contracts

    async def read(self) -> datetime | None:
        """The moment; None before it was first set."""
        return (await self._read())[0]

    async def move(self, target: datetime) -> int:
        """Move to `target` and return when all is settled; through how many moments it went.

        The first move ever sets the clock to any moment. Problem 409 where it would go back, another
        move is under way, or daily jobs failed; 503 where a service is away or does not settle. A job
        that fails stops no other of its moment, but the clock. A move that failed may be asked for again:
        it goes on where it stopped, with the jobs that are not done."""
        target = target.astimezone(UTC)
        async with self._database.lock(MOVE_LOCK) as is_mine:
            if not is_mine:
                detail = "The clock is being moved; wait until that is done."
                raise Problem(409, "clock_moving", detail)
            start, positions = await self._read()
            if start is not None and target < start:
                detail = f"The clock only moves forward, and it is {start.isoformat()} already."
                raise Problem(409, "clock_goes_back", detail)
            services = self._services()
            settling = Settling(self._internal, services, positions)
            try:
                return await self._move(start, target, services, settling)
            except CallFailed as error:
                raise services_away(error) from error

    async def give(self, service: str) -> None:
        """Tell the moment to a service that has none: a new one, or one with an empty database."""
        moment, _ = await self._read()
        if moment is None:
            return
        try:
            told = await self._internal.call(service, "get_clock", seconds_max=GET_SECONDS_MAX)
            if told["now"] is None:
                await self._set([service], moment)
                log.info("clock given", service=service, now=moment.isoformat())
        except CallFailed as error:
            log.warning("clock not given", service=service, error=str(error))

    async def _move(
        self,
        start: datetime | None,
        target: datetime,
        services: dict[str, dict[str, Any]],
        settling: Settling,
    ) -> int:
        await self._bring_along(services, start, target, settling)
        if start is None:
            await self._reach(services, target, settling)
            await self._store(target, settling.positions)
            return 1
        agenda = Agenda(start, target, _daily_jobs(services))
        count, reached = 0, start
        while step := agenda.next_step(reached, settling.due):
            begun = await self._set(step.jobs, step.moment, step.jobs, settling.positions)
            if failures := find_failures(begun):
                await settling.settle(begun)
                await self._leave_at(services.keys() - step.jobs.keys(), reached)
                raise jobs_failed(step.moment, failures)
            if not _behind(begun, step.moment):
                agenda.note_done(step)
            reached = max(reached, *(_clock_of(one, step.moment) for one in begun.values()))
            await asyncio.gather(settling.settle(begun), self._store(reached, settling.positions))
            count += 1
        if start < target:
            await self._reach(services, target, settling)
            await self._store(target, settling.positions)
        return count + (reached < target)

    async def _bring_along(
        self,
        services: dict[str, dict[str, Any]],
        start: datetime | None,
        target: datetime,
        settling: Settling,
    ) -> None:
        """Bring a service that is behind (new, restored) to the start, and wait until all is settled
        there. One that is ahead, because a move broke off, must not be asked to go back."""
        calls = {
            name: self._internal.call(
                name, "get_clock", position=settling.positions[name], seconds_max=GET_SECONDS_MAX
            )
            for name in services
        }
        told = await _all(calls)
        clocks = {
            name: datetime.fromisoformat(one["now"]) if one["now"] else None
            for name, one in told.items()
        }
        for name, at in clocks.items():
            if at is not None and at > target:
                detail = f"The clock only moves forward, and {name} is at {at.isoformat()} already."
                raise Problem(409, "clock_goes_back", detail)
        if start is not None:
            behind = [name for name, at in clocks.items() if at is None or at < start]
            await self._reach(behind, start, settling)
        await settling.settle(told)

    async def _reach(self, names: Iterable[str], moment: datetime, settling: Settling) -> None:
        """Move these services to a moment, each on as long as something is due there before."""
        behind = list(names)
        while behind:
            told = await self._set(behind, moment, positions=settling.positions)
            await settling.settle(told)
            behind = _behind(told, moment)

    async def _leave_at(self, names: Iterable[str], moment: datetime) -> None:
        """Move those to a moment who had nothing to do on the way there, where a move breaks off."""
        with suppress(CallFailed):  # who is away now is brought along by the next move
            await self._set(names, moment)

    async def _set(
        self,
        services: Iterable[str],
        moment: datetime,
        jobs: Mapping[str, list[str]] = MappingProxyType({}),
        positions: Mapping[str, int] = MappingProxyType({}),
    ) -> dict[str, Any]:
        calls = {
            name: self._internal.call(
                name,
                "set_clock",
                now=moment.isoformat(),
                jobs=jobs.get(name, []),
                position=positions.get(name, -1),
                seconds_max=JOBS_SECONDS_MAX,
            )
            for name in services
        }
        return await _all(calls, jobs)

    def _services(self) -> dict[str, dict[str, Any]]:
        for name in self._contracts.services:
            document = self._contracts.documents.get(name)
            if document is None:
                raise Problem.unavailable(f"The service {name} has not been heard of yet.")
            if document.get("clock") == "system":
                detail = f"Start the service {name} with STEWARD_CLOCK=manual."
                raise Problem(409, "clock_not_manual", detail)
        return self._contracts.documents

    async def _read(self) -> tuple[datetime | None, dict[str, int]]:
        async with self._database.transaction() as connection:
            row = (await connection.execute(select(clock))).one_or_none()
        return (row.now.astimezone(UTC), row.positions) if row else (None, {})

    async def _store(self, moment: datetime, positions: dict[str, int]) -> None:
        values = {"id": 1, "now": moment, "positions": dict(positions)}
        statement = insert(clock).values(values)
        async with self._database.transaction() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["id"], set_=values)
            )


def _clock_of(answer: Mapping[str, Any], asked: datetime) -> datetime:
    """Where the clock of a service stands that was asked to go to a moment."""
    return datetime.fromisoformat(answer["now"]) if "now" in answer else asked


def _behind(told: Mapping[str, Any], moment: datetime) -> list[str]:
    return [name for name, answer in told.items() if _clock_of(answer, moment) < moment]


def _daily_jobs(services: Mapping[str, dict[str, Any]]) -> list[DailyJob]:
    return [
        DailyJob(name, job["name"], time.fromisoformat(job["at"]), zone_of(document))
        for name, document in services.items()
        for job in document["daily"]
    ]


async def _all(
    calls: Mapping[str, Awaitable[Any]], jobs: Mapping[str, list[str]] = MappingProxyType({})
) -> dict[str, Any]:
    """The answers to all of the calls, by service. NotAllAnswered if any failed, after every one of them
    has ended: no call may still run when the clock is asked to move again."""
    told = await asyncio.gather(*calls.values(), return_exceptions=True)
    answers = dict(zip(calls, told, strict=True))
    require_answers(answers, jobs)
    return answers
