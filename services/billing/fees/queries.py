"""Reads of fees."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.fees.models import Fee


def find_fees(session: Session, *, fee_ids: Collection[str]) -> Sequence[Fee]:
    """Fees as they were told of last, in the order of their ids."""
    return session.scalars(
        select(Fee)
        .where(Fee.fee_id.in_(fee_ids))
        .order_by(Fee.fee_id)
        .execution_options(populate_existing=True)
    ).all()
