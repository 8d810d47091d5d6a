"""Whether money coming in can change anything beyond the copies."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ARRAY, Text, any_, bindparam, select, union
from sqlalchemy.orm import Session

from services.collections.contact_dues.models import ContactDue
from services.collections.credit_holds.models import CreditHold
from services.collections.placements.models import Placement
from services.collections.placements.rules import STANDING


def find_standing(session: Session, *, account_ids: Collection[str]) -> list[str]:
    """Those of the accounts for which a contact is due, orders are on hold or a placement stands: all
    that a payment can settle. Most payments come in time and settle nothing else."""
    if not account_ids:
        return []
    of = {"account_ids": list(account_ids)}
    return list(session.scalars(_STANDING, of))


_WANTED = any_(bindparam("account_ids", type_=ARRAY(Text)))
_STANDING = union(
    select(ContactDue.account_id).where(ContactDue.account_id == _WANTED, ContactDue.is_due),
    select(CreditHold.account_id).where(
        CreditHold.account_id == _WANTED, CreditHold.lifted_at.is_(None)
    ),
    select(Placement.account_id).where(
        Placement.account_id == _WANTED, Placement.status.in_(STANDING)
    ),
).order_by("account_id")
