"""Reads of order bills."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.order_bills.models import OrderBill


def find_answered(session: Session, *, bill_ids: Collection[str]) -> set[str]:
    """Those of these order bills that were answered."""
    return set(session.scalars(select(OrderBill.bill_id).where(OrderBill.bill_id.in_(bill_ids))))
