"""Sessions in the database: a key with a person behind it, begun on a device, listed, ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, case, delete, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.http.listing import read_page
from gateway.keys import form
from gateway.keys.kinds import WANTED, Kind
from gateway.models import id_token_use, person, session
from gateway.persons.roles import SCOPES_OF_PERSON
from gateway.problems import Problem
from kernel.ids import is_id, new_id

IDLE = timedelta(hours=8)
LONGEST = timedelta(hours=12)
AT_ONCE_MAX = 20  # of one person; the oldest end
KEPT = text("interval '30 days'")
SHOWN = (
    *("session_id", "person_id", "device", "address", "way", "created_at", "last_used_at"),
    *("ends_at", "revoked_at", "revoked_by"),
)
_idle_until = session.c.last_used_at + text(f"interval '{IDLE}'")

SESSIONS = Kind(
    prefix="ses",
    code="session",
    noun="session",
    remedy="sign in again",
    secrets=select(
        session.c.session_id.label("key_id"),
        session.c.digest,
        session.c.last_used_at,
        person.c.person_id,
        person.c.staff_id,
        SCOPES_OF_PERSON.label("scopes"),
        case((person.c.is_active, session.c.revoked_at), else_=func.now()).label("revoked_at"),
        func.least(session.c.ends_at, _idle_until).label("valid_until"),
        # A person's rights do not end with the session: they sign in again.
        null().label("expires_at"),
        null().label("accounts"),
        null().label("requests_per_second"),
        null().label("calls_at_once"),
    )
    .join_from(session, person)
    .where(session.c.session_id == WANTED),
    uses=update(session)
    .where(session.c.session_id == bindparam("key"))
    .values(last_used_at=func.greatest(session.c.last_used_at, bindparam("at"))),
)


async def begin_session(
    connection: AsyncConnection,
    *,
    person_id: str,
    device: str | None,
    address: str,
    way: str,
    pepper: bytes,
) -> dict[str, Any]:
    """Sign a person in; what is returned holds the token, for the only time. Of more than `AT_ONCE_MAX`
    sessions the oldest end."""
    session_id, secret = new_id("ses"), form.new_secret()
    row = await connection.execute(
        insert(session)
        .values(
            session_id=session_id,
            person_id=person_id,
            digest=form.digest(secret, pepper),
            device=device,
            address=address,
            way=way,
            ends_at=func.now() + text(f"interval '{LONGEST}'"),
        )
        .returning(session)
    )
    shown = describe_session(row.one())
    kept = _open_of(person_id).order_by(session.c.session_id.desc()).limit(AT_ONCE_MAX)
    await _end(connection, person_id, session.c.session_id.not_in(kept), by=person_id)
    return {**shown, "token": form.format_key(form.Credential(session_id, secret))}


async def list_sessions(
    connection: AsyncConnection, person_id: str | None, *, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of a person's sessions, ended ones of the last 30 days included, the oldest first."""
    return await read_page(
        connection,
        select(session).where(session.c.person_id == person_id),
        by=session.c.session_id,
        is_cursor=partial(is_id, prefix="ses"),
        describe=describe_session,
        limit=limit,
        after=after,
    )


async def fetch_session(connection: AsyncConnection, session_id: str) -> Any:
    """The session's row. Problem 404 where there is none."""
    row = None
    if is_id(session_id, "ses"):
        statement = select(session).where(session.c.session_id == session_id)
        row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found(session_id)
    return row


async def revoke_session(connection: AsyncConnection, row: Any, *, by: str) -> dict[str, Any]:
    """End a session at once; one that was revoked stays as it is."""
    await _end(connection, row.person_id, session.c.session_id == row.session_id, by=by)
    return describe_session(await fetch_session(connection, row.session_id))


async def revoke_all(connection: AsyncConnection, person_id: str, *, by: str) -> None:
    """End all sessions of a person at once."""
    await _end(connection, person_id, by=by)


async def revoke_others(
    connection: AsyncConnection, person_id: str, session_id: str, *, by: str
) -> None:
    """End all sessions of a person but one."""
    await _end(connection, person_id, session.c.session_id != session_id, by=by)


async def forget_old(connection: AsyncConnection) -> None:
    """Delete the sessions that were over 30 days ago, and what is known of id tokens that are over."""
    await connection.execute(delete(session).where(session.c.ends_at < func.now() - KEPT))
    await connection.execute(delete(id_token_use).where(id_token_use.c.expires_at < func.now()))


def describe_session(row: Any) -> dict[str, Any]:
    """What may be shown of a session."""
    return {**{name: getattr(row, name) for name in SHOWN}, "status": _status(row)}


def not_found(session_id: str) -> Problem:
    """The refusal of one that there is not, or that is another's."""
    return Problem(404, "session_not_found", f"There is no session {session_id}.")


def _status(row: Any) -> str:
    if row.revoked_at is not None:
        return "revoked"
    is_over = min(row.ends_at, row.last_used_at + IDLE) <= datetime.now(UTC)
    return "expired" if is_over else "active"


def _open_of(person_id: str) -> Any:
    return select(session.c.session_id).where(
        session.c.person_id == person_id, session.c.revoked_at.is_(None)
    )


async def _end(connection: AsyncConnection, person_id: str, *which: Any, by: str) -> None:
    # In the order in which uses are written, or two could wait for one another.
    ended = _open_of(person_id).where(*which).order_by(session.c.session_id).with_for_update()
    await connection.execute(
        update(session)
        .where(session.c.session_id.in_(ended))
        .values(revoked_at=func.now(), revoked_by=by)
    )
