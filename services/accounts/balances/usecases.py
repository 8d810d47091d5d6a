"""What happens to balances: billing tells, we keep a copy."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from services.accounts.balances.models import AccountBalance


def keep_balance(session: Session, *, account_id: str, currency: str, **told: int) -> None:
    """Keep the newest of what billing told (version, open, unapplied, balance) about an account in a
    currency, in whatever order it came."""
    keep_newest(session, AccountBalance, [{"account_id": account_id, "currency": currency, **told}])
