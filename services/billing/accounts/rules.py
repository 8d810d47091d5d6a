"""What an account's state allows in billing."""

from __future__ import annotations

from kernel.refusals import Conflict, NotKnownYet

CLOSED = "closed"


def account_not_found(account_id: str) -> NotKnownYet:
    """No event has told of the account, or not yet."""
    return NotKnownYet(
        "account_not_found",
        f"There is no account {account_id}; open it first, or correct the id.",
        field="account_id",
    )


def require_billable(*, number: str, status: str) -> None:
    """A closed account gets no new invoices; what it owes and pays is still kept."""
    if status == CLOSED:
        raise Conflict(
            "account_closed", f"Account {number} is closed; it gets no new invoices.", number=number
        )
