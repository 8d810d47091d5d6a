"""Reads of what waits to be taken off a bill."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.billing.accounts.models import Account
from services.billing.accounts.rules import CLOSING
from services.billing.billables.models import Billable
from services.billing.billables.queries import IS_PENDING
from services.billing.items.rules import AccountCurrency


def find_waiting(session: Session, *, since: date, today: date) -> list[AccountCurrency]:
    """The payers and currencies of whose accounts something has waited since a day to be taken off, and
    all that is to be billed to whom comes to less than nothing, but for tax. Not those that are closing:
    they are asked about."""
    payer_id = func.coalesce(Account.payer_id, Account.account_id)
    first = func.min(Billable.bill_on).filter(Billable.quantity < 0)
    found = (
        select(payer_id, Billable.currency)
        .join(Account, Account.account_id == Billable.account_id)
        .where(IS_PENDING, Billable.bill_on <= today, Account.status != CLOSING)
        .group_by(payer_id, Billable.currency)
        .having((func.sum(Billable.pending * Billable.unit_price) < 0) & (first <= since))
        .order_by(payer_id, Billable.currency)
    )
    return [(row[0], row[1]) for row in session.execute(found)]
