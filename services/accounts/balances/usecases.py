"""What happens to balances: billing tells, we keep a copy."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.accounts.balances.models import AccountBalance


def keep_balances(session: Session, snapshots: Rows) -> None:
    """Keep the newest of what billing told (version, open, unapplied, balance) about accounts, each in a
    currency, in whatever order it came."""
    keep_newest(session, AccountBalance, snapshots)
