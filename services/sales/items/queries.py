"""Reads of items."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.sales.items.models import OpenItem

COPY = select(OpenItem)
"""What we keep of billing's items."""


def sum_due_before(session: Session, *, account_id: str, currency: str, day: date) -> int:
    """What is to be asked for of an account's items that were due before a day, in minor units: not what
    is contested, nor what is on its way."""
    asked = func.sum(OpenItem.balance - OpenItem.disputed - OpenItem.in_flight)
    return int(
        session.scalar(
            select(asked).where(
                OpenItem.account_id == account_id,
                OpenItem.currency == currency,
                OpenItem.balance > 0,
                OpenItem.due_date < day,
            )
        )
        or 0
    )
