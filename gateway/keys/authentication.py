"""Authentication: from the Authorization header to the key's holder, nearly always from memory.

What is known of a key or a session is read again every two seconds while it is in use, and believed for
five: so long a revoked one can live at most. When the database is away longer than that, nobody is let in
(503).
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import structlog

from gateway.database import Database
from gateway.gathering import Gathered
from gateway.keys import form
from gateway.keys.holders import Holder
from gateway.keys.kinds import Kind
from gateway.keys.limits import WrongKeys
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

    def __init__(self, database: Database, settings: Settings, kinds: Iterable[Kind]) -> None:
        self._database = database
        self._settings = settings
        self._kinds = {kind.prefix: kind for kind in kinds}
        self._entries: dict[bytes, _Entry] = {}
        self._wrong_keys = WrongKeys()
        self._secrets = Gathered(self._read_secrets)
        self.is_database_there = False

    async def identify(self, authorization: bytes | None, address: str) -> Holder:
        """The holder of the key in the header. Problem 401 where there is none or it is not valid; 429
        where it is not valid and the address has come with too many such. A valid one is never refused
        for what others send from its address."""
        if authorization is None:
            detail = "Send an API key or a session: Authorization: Bearer stw_… or sts_…"
            raise _refused("key_missing", detail)
        fingerprint = hashlib.sha256(authorization).digest()
        entry = self._entries.get(fingerprint)
        if entry is None or entry.read_at + BELIEVED_SECONDS < time.monotonic():
            entry = await self._read_entry(authorization, address)
            self._entries[fingerprint] = entry
        now = time.time()
        if entry.valid_until <= now:
            raise self._ended(entry.holder.key_id, address, "expired")
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
                entry.holder.learn(row, self._settings)
                entry.valid_until = _valid_until(row)
                entry.read_at = max(read_at, entry.read_at)
        await self._write_uses(holders.values())

    async def _read_entry(self, authorization: bytes, address: str) -> _Entry:
        credential = form.read_authorization(authorization.decode("latin-1"))
        if credential is None:
            detail = "That is no API key and no session; one begins with stw_ or sts_ and is whole."
            raise self._wrong(address, "key_malformed", detail)
        read_at = time.monotonic()
        rows = await self._secrets.get(credential.key_id) or {}
        given = form.digest(credential.secret, self._settings.key_pepper)
        if not form.is_any(given, rows):
            kind = self._kind_of(credential.key_id)
            detail = f"This {kind.noun} is not known here; {kind.remedy}."
            raise self._wrong(address, f"{kind.code}_unknown", detail)
        row = rows[given]
        if row.revoked_at is not None:
            raise self._ended(credential.key_id, address, "revoked")
        return _Entry(self._holder(row), given, _valid_until(row), read_at)

    def _kind_of(self, key_id: str) -> Kind:
        return self._kinds[key_id.partition("_")[0]]

    def _ended(self, key_id: str, address: str, how: str) -> Problem:
        kind = self._kind_of(key_id)
        detail = f"This {kind.noun} has {'ended' if how == 'expired' else 'been revoked'}; "
        return self._wrong(address, f"{kind.code}_{how}", f"{detail}{kind.remedy}.")

    def _wrong(self, address: str, code: str, detail: str) -> Problem:
        self._wrong_keys.count(address)
        return _refused(code, detail)

    def _holder(self, row: Any) -> Holder:
        for entry in self._entries.values():
            if entry.holder.key_id == row.key_id:
                entry.holder.learn(row, self._settings)
                return entry.holder
        return Holder(row, self._settings)

    async def _read_secrets(self, key_ids: Collection[str]) -> dict[str, dict[bytes, Any]]:
        """The secrets of each key, by their digests."""
        found: dict[str, dict[bytes, Any]] = {}
        async with self._database.transaction() as connection:
            for kind in self._kinds.values():
                wanted = [one for one in key_ids if self._kind_of(one) is kind]
                if wanted:
                    for row in await connection.execute(kind.secrets, {"key_ids": wanted}):
                        found.setdefault(row.key_id, {})[row.digest] = row
        return found

    async def _write_uses(self, holders: Collection[Holder]) -> None:
        due = [
            holder
            for holder in sorted(holders, key=attrgetter("key_id"))
            if holder.used_at - holder.use_written_at >= USE_WRITTEN_SECONDS
        ]
        if not due:
            return
        async with self._database.transaction() as connection:
            for kind in self._kinds.values():
                uses = [
                    {"key": one.key_id, "at": datetime.fromtimestamp(one.used_at, UTC)}
                    for one in due
                    if self._kind_of(one.key_id) is kind
                ]
                if uses:
                    await connection.execute(kind.uses, uses)
        for holder in due:
            holder.use_written_at = holder.used_at


def _valid_until(row: Any) -> float:
    ends = [end.timestamp() for end in (row.expires_at, row.valid_until) if end is not None]
    return min(ends, default=math.inf)


def _refused(code: str, detail: str) -> Problem:
    error = b"" if code == "key_missing" else b', error="invalid_token"'
    return Problem(401, code, detail, headers=((b"www-authenticate", CHALLENGE + error),))
