"""Stored answers: a command that comes again under the same id gets the answer it got before."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tables import answers
from kernel.refusals import Invalid

KEPT_DAYS = 30


def claim(
    session: Session, *, caller: str, command_id: str, method: str, kwargs: Any
) -> bytes | None:
    """Take the command id for this transaction, or return the stored answer (JSON) of the command that
    had it before. Waits for another that is just running. Invalid where that was another command."""
    request_hash = hashlib.sha256(
        method.encode() + b"\n" + orjson.dumps(kwargs, option=orjson.OPT_SORT_KEYS)
    ).digest()
    claimed = session.execute(
        insert(answers)
        .values(caller=caller, command_id=command_id, request_hash=request_hash)
        .on_conflict_do_nothing()
    )
    if claimed.rowcount:  # type: ignore[attr-defined]
        return None
    stored = session.execute(
        select(answers.c.request_hash, answers.c.answer).where(*_is(caller, command_id))
    ).one()
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
    session.execute(update(answers).where(*_is(caller, command_id)).values(answer=answer.decode()))


def _is(caller: str, command_id: str) -> tuple[Any, ...]:
    return answers.c.caller == caller, answers.c.command_id == command_id
