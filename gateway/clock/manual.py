"""The manual clock: moving it makes every service do what would have happened meanwhile, in order."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.clock.failures import services_away
from gateway.clock.move import GET_SECONDS_MAX, Move
from gateway.database import Database, as_problem
from gateway.models import clock
from gateway.problems import Problem
from gateway.rpc.contracts import Contracts
from gateway.rpc.internal import CallFailed, InternalCalls

MOVE_LOCK = 0x57E3A2E  # one move at a time, whichever worker was asked

log = structlog.get_logger()


class ManualClock:
    """The one moment that all services share, kept in the gateway's database."""

    def __init__(self, database: Database, internal: InternalCalls, contracts: Contracts) -> None:
        self._database = database
        self._internal = internal
        self._contracts = contracts

    async def read(self) -> datetime | None:
        """The moment; None before it was first set."""
        async with self._database.alone() as connection:
            return (await _read(connection))[0]

    async def move(self, target: datetime) -> int:
        """Move to `target` and return when all is settled; through how many moments it went.

        The first move ever sets the clock to any moment. Problem 409 where it would go back, another
        move is under way, or daily jobs failed; 503 where a service is away or does not settle. A job
        that fails stops no other of its moment, but the clock. A move that failed may be asked for again:
        it goes on where it stopped, with the jobs that are not done."""
        target = target.astimezone(UTC)
        async with self._database.lock(MOVE_LOCK) as connection:
            if connection is None:
                detail = "The clock is being moved; wait until that is done."
                raise Problem(409, "clock_moving", detail)
            start, positions = await _read(connection)
            if start is not None and target < start:
                detail = f"The clock only moves forward, and it is {start.isoformat()} already."
                raise Problem(409, "clock_goes_back", detail)
            move = Move(self._internal, self._services(), positions, start or target, target)
            try:
                count = await move.play(partial(_store, connection))
            except CallFailed as error:
                raise services_away(error) from error
            return count if start is not None else 1

    async def give(self, service: str) -> None:
        """Tell the moment to a service that has none: a new one, or one with an empty database."""
        moment = await self.read()
        if moment is None:
            return
        try:
            told = await self._internal.call(service, "get_clock", seconds_max=GET_SECONDS_MAX)
            if told["now"] is None:
                at = moment.isoformat()
                await self._internal.call(
                    service, "set_clock", now=at, jobs=[], seconds_max=GET_SECONDS_MAX
                )
                log.info("clock given", service=service, now=moment.isoformat())
        except CallFailed as error:
            log.warning("clock not given", service=service, error=str(error))

    def _services(self) -> dict[str, dict[str, Any]]:
        for name in self._contracts.services:
            document = self._contracts.documents.get(name)
            if document is None:
                raise Problem.unavailable(f"The service {name} has not been heard of yet.")
            if document.get("clock") == "system":
                detail = f"Start the service {name} with STEWARD_CLOCK=manual."
                raise Problem(409, "clock_not_manual", detail)
        return self._contracts.documents


async def _read(connection: AsyncConnection) -> tuple[datetime | None, dict[str, int]]:
    row = (await connection.execute(select(clock))).one_or_none()
    return (row.now.astimezone(UTC), row.positions) if row else (None, {})


async def _store(connection: AsyncConnection, moment: datetime, positions: dict[str, int]) -> None:
    values = {"id": 1, "now": moment, "positions": dict(positions)}
    statement = insert(clock).values(values)
    with as_problem():  # here, as a move that breaks off is taken back
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )
