"""Whether somebody may have an account held, or released."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.refusals import Conflict
from services.accounts.accounts.rules import Status


def require_not_held(number: str, status: Status, *, is_held_for_documents: bool) -> None:
    """Refuse to hold an account that somebody has had held already."""
    if status == Status.ON_HOLD and not is_held_for_documents:
        raise Conflict(
            "wrong_status",
            f"Account {number} is {Status.ON_HOLD} already; hold is for an account that is active.",
            state=Status.ON_HOLD,
        )


def require_no_document(number: str, expired: Sequence[str]) -> None:
    """Refuse to release an account that expired documents, given by name, hold."""
    if expired:
        raise Conflict(
            "document_expired",
            f"Account {number} is on hold as it lacks a document that is good: {', '.join(expired)}. "
            "Renew it, or have it waived, and then release the account if it is still on hold.",
            expired=[*expired],
        )
