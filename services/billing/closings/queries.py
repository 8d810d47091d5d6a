"""Reads of what may be in the way of closing an account."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.billing.invoices.models import Invoice
from services.billing.items.models import AccountBalance


def find_unsettled(session: Session, *, account_id: str) -> Sequence[AccountBalance]:
    """The balances of an account on which something is open or unapplied."""
    return session.scalars(
        select(AccountBalance)
        .where(
            AccountBalance.account_id == account_id,
            or_(AccountBalance.open != 0, AccountBalance.unapplied != 0),
        )
        .order_by(AccountBalance.currency)
        .execution_options(populate_existing=True)
    ).all()


def count_drafts(session: Session, *, account_id: str) -> int:
    """How many invoices of an account, or for it, are not issued yet."""
    drafts = select(func.count(Invoice.invoice_id)).where(
        or_(Invoice.account_id == account_id, Invoice.for_account_id == account_id),
        Invoice.issued_on.is_(None),
    )
    return session.scalar(drafts) or 0
