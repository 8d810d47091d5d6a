"""What is kept of invoices and credit notes, and what they come to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from services.accounts.billed.models import BilledCredit, BilledInvoice
from services.accounts.billed.rules import last_twelve_months

INVOICES = select(BilledInvoice).where(BilledInvoice.lines.is_not(None))
"""What we keep of billing's invoices: those of which we know all."""
CREDITS = select(BilledCredit)
"""What we keep of its credit notes."""


def sum_billed_net(session: Session, *, account_id: str, upto: date) -> dict[str, int]:
    """What an account was billed net in the twelve months that end with a day; minor units by currency:
    invoices less credit notes that are not void, each by its own day."""
    days = last_twelve_months(upto)
    invoices = select(BilledInvoice.currency, BilledInvoice.net).where(
        BilledInvoice.account_id == account_id,
        BilledInvoice.issued_on.between(*days),
        ~BilledInvoice.is_void,
    )
    credited = select(BilledCredit.currency, -BilledCredit.net).where(
        BilledCredit.account_id == account_id,
        BilledCredit.issued_on.between(*days),
        ~BilledCredit.is_void,
    )
    billed = union_all(invoices, credited).subquery()
    currency, net = billed.c
    found = session.execute(select(currency, func.sum(net)).group_by(currency))
    return {currency: int(net) for currency, net in found}
