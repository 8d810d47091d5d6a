"""Authentication: from the Authorization header to the key's holder, nearly always from memory.

What is known of a key is read again every two seconds while it is in use, and believed for five: so long
a revoked key can live at most. When the database is away longer than that, nobody is let in (503).
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.database import Database
from gateway.gathering import Gathered
from gateway.keys import form
from gateway.keys.holders import Holder
from gateway.keys.limits import WrongKeys
from gateway.models import api_key, api_key_secret
from gateway.problems import Problem
from gateway.settings import Settings
from kernel.seldom import Seldom

BELIEVED_SECONDS = 5.0
REFRESH_SECONDS = 2.0
FORGOTTEN_SECONDS = 60.0
USE_WRITTEN_SECONDS = 60.0
AWAY_TOLD_SECONDS = 30.0
CHALLENGE = b'Bearer realm="steward"'

log = structlog.get_logger()


@dataclass(slots=True)
class _Entry:
    holder: Holder
    digest: bytes
    valid_until: float  # Unix seconds; infinity for ever
    read_at: float  # monotonic


class Authenticator:
    """Knows the keys that were used lately, by a digest of what their holder sends."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._entries: dict[bytes, _Entry] = {}
        self._wrong_keys = WrongKeys()
        self._secrets = Gathered(self._read_secrets)
        self.is_database_there = False

    async def identify(self, authorization: bytes | None, address: str) -> Holder:
        """The holder of the key in the header. Problem 401 where there is none or it is not valid; 429
        where it is not valid and the address has come with too many such. A valid one is never refused
        for what others send from its address."""
        if authorization is None:
            raise _refused("key_missing", "Send an API key: Authorization: Bearer stw_…")
        fingerprint = hashlib.sha256(authorization).digest()
        entry = self._entries.get(fingerprint)
        if entry is None or entry.read_at + BELIEVED_SECONDS < time.monotonic():
            entry = await self._read_entry(authorization, address)
            self._entries[fingerprint] = entry
        now = time.time()
        if entry.valid_until <= now:
            detail = "This API key has expired; ask for a new one."
            raise self._wrong(address, "key_expired", detail)
        entry.holder.used_at = now
        return entry.holder

    def forget(self, key_id: str) -> None:
        """Read this key anew when it is used next."""
        for entry in self._entries.values():
            if entry.holder.key_id == key_id:
                entry.read_at = -math.inf

    async def refresh(self) -> None:
        """Read the keys in use again and write when they were used last, until cancelled."""
        away = Seldom(AWAY_TOLD_SECONDS)
        while True:
            try:
                await self._refresh()
                self.is_database_there = True
            except Problem as problem:
                self.is_database_there = False
                if times := away.count("database", time.monotonic()):
                    log.warning("database away", detail=problem.detail, times=times)
            await asyncio.sleep(REFRESH_SECONDS)

    async def _refresh(self) -> None:
        oldest = time.time() - FORGOTTEN_SECONDS
        self._entries = {
            fingerprint: entry
            for fingerprint, entry in self._entries.items()
            if entry.holder.used_at > oldest or entry.holder.calls.under_way
        }
        read_at = time.monotonic()
        holders = {entry.holder.key_id: entry.holder for entry in self._entries.values()}
        secrets = await self._read_secrets(holders.keys())
        for fingerprint, entry in list(self._entries.items()):
            row = secrets.get(entry.holder.key_id, {}).get(entry.digest)
            if row is None or row.revoked_at is not None:
                del self._entries[fingerprint]
            else:
                entry.valid_until = _valid_until(row)
                entry.read_at = max(read_at, entry.read_at)
        await self._write_uses(holders.values())

    async def _read_entry(self, authorization: bytes, address: str) -> _Entry:
        scheme, _, text = authorization.decode("latin-1").partition(" ")
        credential = form.parse_key(text.strip()) if scheme.lower() == "bearer" else None
        if credential is None:
            detail = "That is no API key; it begins with stw_ and is whole."
            raise self._wrong(address, "key_malformed", detail)
        read_at = time.monotonic()
        rows = await self._secrets.get(credential.key_id) or {}
        given = form.digest(credential.secret, self._settings.key_pepper)
        if not form.is_any(given, rows):
            raise self._wrong(address, "key_unknown", "This API key is not known here.")
        row = rows[given]
        if row.revoked_at is not None:
            detail = "This API key was revoked; ask for a new one."
            raise self._wrong(address, "key_revoked", detail)
        return _Entry(self._holder(row), given, _valid_until(row), read_at)

    def _wrong(self, address: str, code: str, detail: str) -> Problem:
        self._wrong_keys.count(address)
        return _refused(code, detail)

    def _holder(self, row: Any) -> Holder:
        for entry in self._entries.values():
            if entry.holder.key_id == row.key_id:
                return entry.holder
        return Holder(row, self._settings)

    async def _read_secrets(self, key_ids: Collection[str]) -> dict[str, dict[bytes, Any]]:
        """The secrets of each key, by their digests."""
        statement = (
            select(api_key, api_key_secret.c.digest, api_key_secret.c.valid_until)
            .join_from(api_key, api_key_secret)
            .where(api_key.c.key_id == func.any(bindparam("key_ids", type_=ARRAY(Text))))
        )
        found: dict[str, dict[bytes, Any]] = {}
        async with self._database.transaction() as connection:
            for row in await connection.execute(statement, {"key_ids": list(key_ids)}):
                found.setdefault(row.key_id, {})[row.digest] = row
        return found

    async def _write_uses(self, holders: Any) -> None:
        due = [
            holder
            for holder in holders
            if holder.used_at - holder.use_written_at >= USE_WRITTEN_SECONDS
        ]
        if not due:
            return
        statement = (
            update(api_key)
            .where(api_key.c.key_id == bindparam("key"))
            .values(last_used_at=bindparam("at"))
        )
        uses = [{"key": h.key_id, "at": datetime.fromtimestamp(h.used_at, UTC)} for h in due]
        async with self._database.transaction() as connection:
            await connection.execute(statement, uses)
        for holder in due:
            holder.use_written_at = holder.used_at


def _valid_until(row: Any) -> float:
    ends = [end.timestamp() for end in (row.expires_at, row.valid_until) if end is not None]
    return min(ends, default=math.inf)


def _refused(code: str, detail: str) -> Problem:
    error = b"" if code == "key_missing" else b', error="invalid_token"'
    return Problem(401, code, detail, headers=((b"www-authenticate", CHALLENGE + error),))
