"""Stored answers: a command that comes again under the same id gets the answer it got before."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.refusals import Invalid

KEPT_DAYS = 30

_CLAIM = text(
    "INSERT INTO answers (caller, command_id, request_hash)"
    " VALUES (:caller, :command_id, :request_hash) ON CONFLICT DO NOTHING"
)
_STORED = text(
    "SELECT request_hash, answer FROM answers WHERE caller = :caller AND command_id = :command_id"
)
_KEEP = text(
    "UPDATE answers SET answer = :answer WHERE caller = :caller AND command_id = :command_id"
)


def claim(
    session: Session, *, caller: str, command_id: str, method: str, kwargs: Any
) -> bytes | None:
    """Take the command id for this transaction, or return the stored answer (JSON) of the command that
    had it before. Waits for another that is just running. Invalid where that was another command."""
    request_hash = hashlib.sha256(
        method.encode() + b"\n" + orjson.dumps(kwargs, option=orjson.OPT_SORT_KEYS)
    ).digest()
    identity = {"caller": caller, "command_id": command_id}
    claimed = session.execute(_CLAIM, {**identity, "request_hash": request_hash})
    if claimed.rowcount:  # type: ignore[attr-defined]
        return None
    stored = session.execute(_STORED, identity).one()
    if bytes(stored.request_hash) != request_hash:
        raise Invalid(
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request; take a new key for a new request.",
        )
    assert stored.answer is not None, "an answer is committed together with its claim"
    answer: str = stored.answer
    return answer.encode()


def keep(session: Session, *, caller: str, command_id: str, answer: bytes) -> None:
    """Store the answer of the command whose id this transaction has claimed."""
    session.execute(_KEEP, {"caller": caller, "command_id": command_id, "answer": answer.decode()})
