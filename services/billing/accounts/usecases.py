"""Keep the copy of accounts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from services.billing.accounts.models import Account


def keep_account(
    session: Session,
    *,
    account_id: str,
    version: int,
    number: str,
    status: str,
    net_days: int,
) -> None:
    """Store a snapshot of an account unless a newer one is here already."""
    snapshot = {
        "account_id": account_id,
        "version": version,
        "number": number,
        "status": status,
        "net_days": net_days,
    }
    keep_newest(session, Account, [snapshot])
