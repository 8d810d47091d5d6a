"""What happens to balances: billing tells, we copy."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.accounts.balances.models import AccountBalance


def copy_balance(session: Session, *, account_id: str, currency: str, **told: int) -> None:
    """Keep the newest of what billing told (version, open, unapplied, balance) about an account in a
    currency, in whatever order it came."""
    row = insert(AccountBalance).values(account_id=account_id, currency=currency, **told)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["account_id", "currency"],
            set_={name: row.excluded[name] for name in told},
            where=row.excluded.version > AccountBalance.version,
        )
    )
