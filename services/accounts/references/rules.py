"""How many names an account has in other systems."""

from __future__ import annotations

from typing import Any

from kernel.refusals import Conflict, NotFound

REFERENCES_MAX = 20


def require_room(count: int) -> None:
    """Refuse more references than anybody looks at."""
    if count >= REFERENCES_MAX:
        raise Conflict(
            "too_many_references",
            f"The account has {count} references; remove those that are not used.",
        )


def taken(system: str, reference_id: str, known: Any) -> Conflict:
    """That another account is called so there; which one, where the caller may see it."""
    what = f"{reference_id} of {system}"
    if known is None:
        return Conflict(
            "reference_taken",
            f"Another account, which you may not see, is {what}.",
            field="reference_id",
        )
    return Conflict(
        "reference_taken",
        f"Account {known.number} ({known.name}, {known.status}) is {what}; remove it there first.",
        field="reference_id",
        account_id=known.account_id,
    )


def not_there(system: str, reference_id: str) -> NotFound:
    """That the account is not called so."""
    return NotFound("reference_not_found", f"The account is not {reference_id} of {system}.")
