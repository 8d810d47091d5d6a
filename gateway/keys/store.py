"""API keys in the database: make, list, rotate with overlap, revoke."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.http.listing import read_page
from gateway.keys import form
from gateway.keys.powers import Power
from gateway.models import api_key, api_key_secret
from gateway.problems import Problem
from kernel.callers import EVERYTHING
from kernel.ids import is_id, new_id

SHOWN = (
    *("key_id", "name", "scopes", "accounts", "requests_per_second", "calls_at_once"),
    *("staff_id", "created_at", "created_by"),
    *("expires_at", "revoked_at", "revoked_by", "last_used_at", "version"),
)


async def create_key(
    connection: AsyncConnection,
    *,
    name: str,
    scopes: list[str],
    accounts: list[str] | None,
    expires_at: datetime | None,
    requests_per_second: int | None,
    calls_at_once: int | None,
    staff_id: str | None,
    by: str,
    pepper: bytes,
) -> dict[str, Any]:
    """Make a key; what is returned holds it whole, for the only time."""
    key_id = new_id("key")
    row = await connection.execute(
        insert(api_key)
        .values(
            key_id=key_id,
            name=name,
            scopes=sorted(set(scopes)),
            accounts=accounts and sorted(set(accounts)),
            requests_per_second=requests_per_second,
            calls_at_once=calls_at_once,
            expires_at=expires_at,
            staff_id=staff_id,
            created_by=by,
        )
        .returning(api_key)
    )
    shown = describe_key(row.one())
    return {**shown, "key": await _add_secret(connection, key_id, pepper)}


async def list_keys(
    connection: AsyncConnection, power: Power, *, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of the keys that reach no further than `power`, oldest first."""
    return await read_page(
        connection,
        _within(power),
        by=api_key.c.key_id,
        is_cursor=partial(is_id, prefix="key"),
        describe=describe_key,
        limit=limit,
        after=after,
    )


async def fetch_key(connection: AsyncConnection, power: Power, key_id: str) -> Any:
    """The key's row. Problem 404 where there is none, or it reaches further than `power`."""
    return await _one(connection, _within(power), key_id)


async def fetch_key_to_change(connection: AsyncConnection, power: Power, key_id: str) -> Any:
    """As `fetch_key`, locked until the transaction ends."""
    return await _one(connection, _within(power).with_for_update(), key_id)


def _within(power: Power) -> Select[Any]:
    statement = select(api_key)
    if EVERYTHING not in power.scopes:
        statement = statement.where(api_key.c.scopes.contained_by(sorted(power.scopes)))
    if power.accounts is not None:
        statement = statement.where(api_key.c.accounts.contained_by(sorted(power.accounts)))
    if not power.is_anyones:
        statement = statement.where(api_key.c.staff_id.is_not_distinct_from(power.staff_id))
    return statement


async def _one(connection: AsyncConnection, keys: Select[Any], key_id: str) -> Any:
    row = None
    if is_id(key_id, "key"):
        row = (await connection.execute(keys.where(api_key.c.key_id == key_id))).one_or_none()
    if row is None:
        raise Problem(404, "api_key_not_found", f"There is no API key {key_id}.")
    return row


async def rotate_key(
    connection: AsyncConnection, key_id: str, *, overlap: timedelta, pepper: bytes
) -> dict[str, Any]:
    """Give the key a new secret, returned for the only time; older ones end after the overlap."""
    ends_at = datetime.now(UTC) + overlap
    await connection.execute(
        update(api_key_secret)
        .where(
            api_key_secret.c.key_id == key_id,
            or_(api_key_secret.c.valid_until.is_(None), api_key_secret.c.valid_until > ends_at),
        )
        .values(valid_until=ends_at)
    )
    shown = describe_key(await _change(connection, key_id, {}))
    return {
        **shown,
        "key": await _add_secret(connection, key_id, pepper),
        "old_key_valid_until": ends_at,
    }


async def revoke_key(connection: AsyncConnection, key_id: str, *, by: str) -> dict[str, Any]:
    """End the key at once, with all its secrets."""
    values = {"revoked_at": func.now(), "revoked_by": by}
    return describe_key(await _change(connection, key_id, values))


def describe_key(row: Any) -> dict[str, Any]:
    """What may be shown of a key."""
    return {**{name: getattr(row, name) for name in SHOWN}, "status": _status(row)}


def _status(row: Any) -> str:
    if row.revoked_at is not None:
        return "revoked"
    is_over = row.expires_at is not None and row.expires_at <= datetime.now(UTC)
    return "expired" if is_over else "active"


async def _change(connection: AsyncConnection, key_id: str, values: dict[str, Any]) -> Row[Any]:
    changed = await connection.execute(
        update(api_key)
        .where(api_key.c.key_id == key_id)
        .values(version=api_key.c.version + 1, **values)
        .returning(api_key)
    )
    return changed.one()


async def _add_secret(connection: AsyncConnection, key_id: str, pepper: bytes) -> str:
    secret = form.new_secret()
    await connection.execute(
        insert(api_key_secret).values(digest=form.digest(secret, pepper), key_id=key_id)
    )
    return form.format_key(form.Credential(key_id, secret))
