"""What is kept of invoices and credit notes, and what they come to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from services.accounts.billed.models import BilledCredit, BilledInvoice
from services.accounts.billed.rules import last_twelve_months

INVOICES = select(BilledInvoice).where(BilledInvoice.lines.is_not(None))
"""What we keep of billing's invoices: those of which we know all."""
CREDITS = select(BilledCredit)
"""What we keep of its credit notes."""


def is_for(document: type[BilledInvoice | BilledCredit], account_id: str) -> ColumnElement[bool]:
    """Whether a document is for an account, whoever pays."""
    own = (document.account_id == account_id) & document.for_account_id.is_(None)
    return own | (document.for_account_id == account_id)


def sum_billed_net(session: Session, *, account_id: str, upto: date) -> dict[str, int]:
    """What was billed net for an account, whoever pays it, in the twelve months that end with a day, in
    minor units by currency: invoices less credit notes that are not void, each by its own day. A bill for
    several accounts counts for who pays it."""
    days = last_twelve_months(upto)
    invoices = select(BilledInvoice.currency, BilledInvoice.net).where(
        is_for(BilledInvoice, account_id),
        BilledInvoice.issued_on.between(*days),
        ~BilledInvoice.is_void,
    )
    credited = select(BilledCredit.currency, -BilledCredit.net).where(
        is_for(BilledCredit, account_id),
        BilledCredit.issued_on.between(*days),
        ~BilledCredit.is_void,
    )
    billed = union_all(invoices, credited).subquery()
    currency, net = billed.c
    found = session.execute(select(currency, func.sum(net)).group_by(currency))
    return {currency: int(net) for currency, net in found}
