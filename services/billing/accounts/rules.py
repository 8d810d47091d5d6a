"""What an account's state allows in billing."""

from __future__ import annotations

from kernel.refusals import Conflict

CLOSED = "closed"


def require_billable(*, number: str, status: str) -> None:
    """A closed account gets no new invoices; what it owes and pays is still kept."""
    if status == CLOSED:
        raise Conflict(
            "account_closed", f"Account {number} is closed; it gets no new invoices.", number=number
        )
