"""Reads of suspensions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from services.billing.suspensions.models import Suspension

_OF_ACCOUNTS = (
    select(Suspension)
    .where(Suspension.account_id == any_(bindparam("account_ids", type_=ARRAY(Text))))
    .order_by(Suspension.suspended_on, Suspension.suspension_id)
    .execution_options(populate_existing=True)
)


def find_suspensions(session: Session, *, account_ids: Collection[str]) -> Sequence[Suspension]:
    """The suspensions of accounts, those of the earliest day first."""
    return session.scalars(_OF_ACCOUNTS, {"account_ids": list(account_ids)}).all()
