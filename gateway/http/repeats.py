"""Stored answers of the gateway's own commands: a repeat under the same Idempotency-Key is answered
alike. They are sealed (AES-GCM), since the answer that makes a key holds its secret, and kept a day."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import REPLAYED, Answer, answer_json
from gateway.models import answer
from gateway.problems import Problem

KEPT = text("interval '24 hours'")
NONCE_BYTES = 12

Command = Callable[[AsyncConnection], Awaitable[Any]]


class Repeats:
    """Does each command once, in the transaction that keeps its answer."""

    def __init__(self, database: Database, pepper: bytes) -> None:
        self._database = database
        self._cipher = AESGCM(hmac.digest(pepper, b"steward stored answers", hashlib.sha256))

    async def once(
        self, request: Request, body: dict[str, Any], command: Command, *, status: int
    ) -> Answer:
        """The answer of a command, made now or before. Problem 422 where the key was used for another."""
        caller, command_id = request.caller.key_id, request.command_id
        given = f"{request.verb} {request.raw_path.decode()}\n".encode() + orjson.dumps(
            body, option=orjson.OPT_SORT_KEYS
        )
        request_hash = hashlib.sha256(given).digest()
        bound = f"{caller} {command_id}".encode()
        mine = (answer.c.caller == caller, answer.c.command_id == command_id)
        async with self._database.transaction() as connection:
            claimed = await connection.execute(
                insert(answer)
                .values(caller=caller, command_id=command_id, request_hash=request_hash)
                .on_conflict_do_nothing()
                .returning(answer.c.command_id)
            )
            if claimed.one_or_none() is None:
                row = (await connection.execute(select(answer).where(*mine))).one()
                if bytes(row.request_hash) != request_hash:
                    raise Problem(
                        422,
                        "idempotency_key_reused",
                        "This Idempotency-Key was used for another request; take a new key for a new "
                        "request.",
                    )
                stored = answer_json(orjson.loads(self._open(row.sealed, bound)), status)
                stored.headers.append(REPLAYED)
                return stored
            result = await command(connection)
            sealed = self._seal(orjson.dumps(result), bound)
            await connection.execute(update(answer).where(*mine).values(sealed=sealed))
        return answer_json(result, status)

    async def forget_old(self) -> None:
        """Delete the answers that were kept long enough."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(answer).where(answer.c.answered_at < func.now() - KEPT))

    def _seal(self, plain: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound)

    def _open(self, sealed: bytes, bound: bytes) -> bytes:
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
