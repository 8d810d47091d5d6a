"""What the credit check sees of an account, as a page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.sales.accounts.queries import fetch_account
from services.sales.orders.queries import read_credit


def get_standing(
    session: Session, *, account_id: str, currency: str | None, today: date
) -> dict[str, Any]:
    """What the credit check would see of an account now, in its own currency unless another is given."""
    account = fetch_account(session, account_id)
    credit = read_credit(session, account, currency=currency or account.currency, today=today)
    standing = credit.standing
    return {
        **asdict(standing),
        "has_credit_hold": standing.has_credit_hold,
        "exposure": standing.exposure,
        "available": standing.available,
        "counts_drafts": credit.counts_drafts,
        "overdue": credit.overdue.amount,
        "overdue_limit": credit.overdue.limit,
        "overdue_days": credit.overdue.days,
        "group": credit.group,
    }
