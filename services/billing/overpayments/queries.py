"""Reads of overpayments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.adjustments.models import Adjustment


def find_standing(session: Session, *, payment_id: str) -> Sequence[Adjustment]:
    """What of a payment was written off as too much, and stands."""
    of_it = select(Adjustment).where(
        Adjustment.payment_id == payment_id, Adjustment.reversed_on.is_(None)
    )
    return session.scalars(of_it.order_by(Adjustment.adjustment_id)).all()
