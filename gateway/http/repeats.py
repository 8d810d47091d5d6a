"""What an Idempotency-Key stands for: one request of one caller, whichever service it goes to.

The services keep their own answers; the gateway keeps which request a key was first used for, since no
service can know what another was asked. The answers of the gateway's own commands lie beside that,
sealed, as the answer that makes an API key holds its secret. Of a request that holds a secret only a
keyed digest is kept: a password could be guessed from any other.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.gathering import Gathered
from gateway.http.incoming import Request
from gateway.http.outgoing import REPLAYED, Answer, answer_json
from gateway.models import answer
from gateway.problems import Problem
from gateway.sealing import Seal

SEALED_KEPT = text("interval '24 hours'")
ROUND_ROWS = 5_000
PAUSE_TIMES = 4  # as long as a round took

Command = Callable[[AsyncConnection], Awaitable[Any]]
# What was first asked is returned, now or then; nothing is changed where there was something.
_CLAIM = text(
    """
    INSERT INTO answer (caller, command_id, request_hash)
    SELECT * FROM unnest(CAST(:callers AS text[]), CAST(:ids AS text[]), CAST(:hashes AS bytea[]))
    ON CONFLICT (caller, command_id) DO UPDATE SET command_id = excluded.command_id
    RETURNING caller, command_id, request_hash
    """
)
# By place: no row is looked up again, and one that another worker deletes just now is left to it.
_FORGET = text(
    f"""
    DELETE FROM answer WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM answer WHERE answered_at < now() - interval '30 days'
        ORDER BY answered_at LIMIT {ROUND_ROWS} FOR UPDATE SKIP LOCKED))
    """  # noqa: S608  a number of this module
)


class Use(NamedTuple):
    """A request that was sent under a key."""

    caller: str
    command_id: str
    request_hash: bytes


class Repeats:
    """Holds every key to its first request, and does each of the gateway's own commands once."""

    def __init__(self, database: Database, pepper: bytes) -> None:
        self._database = database
        self._seal = Seal(pepper, b"steward stored answers")
        self._first_uses: Gathered[Use, bytes] = Gathered(self._claim)

    async def require_same(self, request: Request, arguments: Mapping[str, Any]) -> None:
        """Problem 422 where the key that the client has sent was used for another request, 503 where
        that cannot be known. A request without a key is not looked at."""
        if not request.has_command_id:
            return
        use = self._use(request, arguments, request.caller.caller.subject)
        if await self._first_uses.get(use) != use.request_hash:
            raise _reused()

    async def once(
        self,
        request: Request,
        body: dict[str, Any],
        command: Command,
        *,
        status: int,
        caller: str | None = None,
    ) -> Answer:
        """The answer of a command of the gateway's own, made now or before, in the transaction that keeps
        it. Problem 422 where the key was used for another. `caller` says who asks where that is not known
        from a key."""
        use = self._use(
            request,
            {**body, **request.parameters},
            caller or request.caller.caller.subject,
        )
        mine = (answer.c.caller == use.caller, answer.c.command_id == use.command_id)
        async with self._database.transaction() as connection:
            claimed = await connection.execute(
                insert(answer)
                .values(use._asdict())
                .on_conflict_do_nothing()
                .returning(answer.c.command_id)
            )
            if claimed.one_or_none() is None:
                row = (await connection.execute(select(answer).where(*mine))).one()
                stored = answer_json(orjson.loads(self._open(row, use)), status)
                stored.headers.append(REPLAYED)
                return stored
            result = await command(connection)
            sealed = self._seal.close(orjson.dumps(result), _bound(use))
            await connection.execute(update(answer).where(*mine).values(sealed=sealed))
        return answer_json(result, status)

    async def forget_old(self) -> None:
        """Delete what was kept long enough: the sealed answers, and later what was asked."""
        is_old = answer.c.answered_at < func.now() - SEALED_KEPT
        async with self._database.transaction() as connection:
            sealed = update(answer).where(answer.c.sealed.is_not(None), is_old)
            await connection.execute(sealed.values(sealed=None))
        count = ROUND_ROWS
        while count == ROUND_ROWS:
            started = time.monotonic()
            async with self._database.alone() as connection:
                count = (await connection.execute(_FORGET)).rowcount
            await asyncio.sleep(PAUSE_TIMES * (time.monotonic() - started))

    async def _claim(self, uses: Collection[Use]) -> Mapping[Use, bytes]:
        """The hash of each key's first request. Rows are written in one order, or two could deadlock."""
        first = {(use.caller, use.command_id): use for use in reversed(list(uses))}
        wanted = [first[name] for name in sorted(first)]
        callers, ids, hashes = (list(column) for column in zip(*wanted, strict=True))
        async with self._database.alone() as connection:
            rows = await connection.execute(
                _CLAIM, {"callers": callers, "ids": ids, "hashes": hashes}
            )
            kept = {(row.caller, row.command_id): bytes(row.request_hash) for row in rows}
        return {use: kept[use.caller, use.command_id] for use in uses}

    def _use(self, request: Request, arguments: Mapping[str, Any], caller: str) -> Use:
        endpoint = request.endpoint
        route = f"{endpoint.verb} {endpoint.path}\n" if endpoint else ""
        asked = route.encode() + orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS)
        is_secret = endpoint is not None and endpoint.is_secret
        digest = self._seal.digest(asked) if is_secret else hashlib.sha256(asked).digest()
        return Use(caller, request.command_id, digest)

    def _open(self, row: Any, use: Use) -> bytes:
        if bytes(row.request_hash) != use.request_hash:
            raise _reused()
        if row.sealed is None:
            detail = (
                "This was done more than a day ago; what it answered is not kept. Take a new key."
            )
            raise Problem(409, "answer_not_kept", detail)
        return self._seal.open(row.sealed, _bound(use))


def _bound(use: Use) -> str:
    return f"{use.caller} {use.command_id}"


def _reused() -> Problem:
    detail = "This Idempotency-Key was used for another request; take a new key for a new request."
    return Problem(422, "idempotency_key_reused", detail)
