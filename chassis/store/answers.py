"""Stored answers: a command that comes again under the same id gets the answer it got before."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.refusals import Invalid

KEPT_DAYS = 30


class Claim(NamedTuple):
    """A command that somebody wants done once: the caller's subject, the id it came under, and a hash of
    what it says."""

    caller: str
    command_id: str
    request_hash: bytes

    def answer_with(self, earlier: Claim, answer: bytes) -> bytes | Invalid:
        """The answer to what came under this id before; Invalid where that said something else."""
        if self.request_hash == earlier.request_hash:
            return answer
        return Invalid(
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request; take a new key for a new request.",
        )


# In one order, as all lock rows: two groups that claim the same ids cannot end in a deadlock.
_CLAIM = text(
    """
    INSERT INTO answers (caller, command_id, request_hash)
    SELECT * FROM unnest(
        CAST(:callers AS text[]), CAST(:command_ids AS text[]), CAST(:request_hashes AS bytea[])
    ) AS claim (caller, command_id, request_hash) ORDER BY caller, command_id
    ON CONFLICT DO NOTHING RETURNING caller, command_id
    """
)
_THESE = """
    unnest(CAST(:callers AS text[]), CAST(:command_ids AS text[])) AS claim (caller, command_id)
    WHERE answers.caller = claim.caller AND answers.command_id = claim.command_id
    """
_STORED = text(
    f"SELECT answers.caller, answers.command_id, request_hash, answer FROM answers, {_THESE}"  # noqa: S608
)
_KEEP = text(
    """
    UPDATE answers SET answer = kept.answer FROM unnest(
        CAST(:callers AS text[]), CAST(:command_ids AS text[]), CAST(:answers AS text[])
    ) AS kept (caller, command_id, answer)
    WHERE answers.caller = kept.caller AND answers.command_id = kept.command_id
    """
)
_GIVE_UP = text(f"DELETE FROM answers USING {_THESE}")  # noqa: S608


def claim_of(*, caller: str, command_id: str, method: str, kwargs: Mapping[str, Any]) -> Claim:
    """The claim of a command that calls a method with these arguments."""
    said = method.encode() + b"\n" + orjson.dumps(kwargs, option=orjson.OPT_SORT_KEYS)
    return Claim(caller, command_id, hashlib.sha256(said).digest())


def claim(session: Session, claims: Sequence[Claim]) -> dict[Claim, bytes | Invalid]:
    """Take the ids of commands for this transaction; of those that were done before, the stored answer
    (JSON), or the refusal where that was another command. No id is in it twice. Waits for others that are
    just running."""
    values = {**_identities(claims), "request_hashes": [one.request_hash for one in claims]}
    claimed = {tuple(row) for row in session.execute(_CLAIM, values)}
    known = {one[:2]: one for one in claims if one[:2] not in claimed}
    if not known:
        return {}
    rows = session.execute(_STORED, _identities(known.values())).all()
    found = {(row.caller, row.command_id): row for row in rows}
    return {one: _answer_from(found[identity], one) for identity, one in known.items()}


def keep(session: Session, answers: Mapping[Claim, bytes]) -> None:
    """Store the answers of commands whose ids this transaction has claimed."""
    values = {**_identities(answers), "answers": [one.decode() for one in answers.values()]}
    session.execute(_KEEP, values)


def give_up(session: Session, claims: Collection[Claim]) -> None:
    """Let ids go that this transaction has claimed: nothing was done under them."""
    session.execute(_GIVE_UP, _identities(claims))


def _answer_from(row: Any, claim: Claim) -> bytes | Invalid:
    assert row.answer is not None, "an answer is committed together with its claim"
    earlier = Claim(row.caller, row.command_id, bytes(row.request_hash))
    return claim.answer_with(earlier, row.answer.encode())


def _identities(claims: Collection[Claim]) -> dict[str, list[str]]:
    return {
        "callers": [one.caller for one in claims],
        "command_ids": [one.command_id for one in claims],
    }
