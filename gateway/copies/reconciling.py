"""Comparing copies with their owners, range by range of their keys, and having what differs told again.

Only the gateway calls: it carries the owner's sums to who keeps the copy. News on its way looks like a
difference, so one that is found is looked at again before it counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from gateway import metrics
from gateway.database import Database
from gateway.models import comparison
from gateway.problems import Problem
from gateway.rpc.contracts import Contracts
from gateway.rpc.internal import CallFailed, InternalCalls

LOCK = 0x57E3A30  # one comparison at a time, whichever worker does it
EVERY_SECONDS = 3600.0
CALL_SECONDS_MAX = 60.0
AGAIN_SECONDS = (0.5, 2.0)  # after which what differs is looked at again
FOUND = (*("listener", "source", "event"), *("count", "different", "error", "compared_at"))

log = structlog.get_logger()


class Copy(NamedTuple):
    """What one service keeps of another's facts, and the event by which that is told."""

    listener: str
    source: str
    event: str


class Reconciler:
    """Compares all copies from time to time, and whenever somebody asks."""

    def __init__(self, database: Database, internal: InternalCalls, contracts: Contracts) -> None:
        self._database = database
        self._internal = internal
        self._contracts = contracts

    async def keep_up(self) -> None:
        """Compare every hour, one worker for all, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.reconcile()
            except Problem as problem:
                log.info("copies not compared", detail=problem.detail)

    async def reconcile(self) -> list[dict[str, Any]]:
        """Compare all copies now and have what differs told again; how each was found. Problem 409 where
        that is under way."""
        async with self._database.lock(LOCK) as mine:
            if mine is None:
                detail = "Copies are being compared; look at what was found in a moment."
                raise Problem(409, "already_comparing", detail)
            for copy in self._copies():
                await self._compare_and_note(copy)
        return await self.read()

    async def read(self) -> list[dict[str, Any]]:
        """How each copy was found when it was last compared."""
        async with self._database.transaction() as connection:
            rows = await connection.execute(select(comparison).order_by(*comparison.primary_key))
            return [dict(zip(FOUND, row, strict=True)) for row in rows]

    def _copies(self) -> list[Copy]:
        documents = self._contracts.documents
        return sorted(
            Copy(listener, one["source"], one["event"])
            for listener, document in documents.items()
            for one in document.get("copies", ())
            if one["event"] in documents.get(one["source"], {}).get("introductions", ())
        )

    async def _compare_and_note(self, copy: Copy) -> None:
        count = different = 0
        error = None
        try:
            async for told, wrong in self._ranges(copy):
                count += sum(one["count"] for one in told["ranges"])
                different += len(wrong)
                for one in wrong:
                    await self._tell_again(copy, one)
        except CallFailed as failure:
            error = str(failure)
        metrics.note_copy(*copy, different)
        if different:
            log.error("copy differs", copy=".".join(copy), ranges=different)
        values = {"count": count, "different": different, "error": error}
        await self._note(copy, {**values, "compared_at": datetime.now(UTC)})

    async def _ranges(self, copy: Copy) -> AsyncIterator[tuple[dict[str, Any], list[Any]]]:
        """The owner's sums, some ranges at a time, and those of them that the copy has otherwise."""
        after = None
        while True:
            told = await self._sum_up(copy, after)
            wrong = await self._find_wrong(copy, told)
            for seconds in AGAIN_SECONDS if wrong else ():
                await asyncio.sleep(seconds)
                told = await self._sum_up(copy, after)
                wrong = await self._find_wrong(copy, told)
            yield told, wrong
            after = told["next_after"]
            if after is None:
                return

    async def _sum_up(self, copy: Copy, after: Any) -> dict[str, Any]:
        wanted = {"event": copy.event, "after": after}
        told: dict[str, Any] = await self._internal.call(
            copy.source, "sum_up", seconds_max=CALL_SECONDS_MAX, **wanted
        )
        return told

    async def _find_wrong(self, copy: Copy, told: dict[str, Any]) -> list[Any]:
        by = {name: told[name] for name in ("key", "compared", "ranges")}
        wrong: list[Any] = await self._internal.call(
            copy.listener,
            "compare",
            seconds_max=CALL_SECONDS_MAX,
            source=copy.source,
            event=copy.event,
            **by,
        )
        return wrong

    async def _tell_again(self, copy: Copy, one: dict[str, Any]) -> None:
        await self._internal.call(
            copy.source,
            "introduce",
            seconds_max=CALL_SECONDS_MAX,
            listener=copy.listener,
            event=copy.event,
            first=one["first"],
            last=one["last"],
        )

    async def _note(self, copy: Copy, found: dict[str, Any]) -> None:
        statement = insert(comparison).values(**copy._asdict(), **found)
        async with self._database.transaction() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=comparison.primary_key, set_=found)
            )
