"""Whether money coming in can change anything beyond the copies."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from services.collections.contact_dues.models import ContactDue
from services.collections.credit_holds.models import CreditHold
from services.collections.placements.models import Placement
from services.collections.placements.rules import STANDING

_IS_ANYTHING_STANDING = select(
    or_(
        exists().where(ContactDue.account_id == bindparam("account_id"), ContactDue.is_due),
        exists().where(
            CreditHold.account_id == bindparam("account_id"), CreditHold.lifted_at.is_(None)
        ),
        exists().where(
            Placement.account_id == bindparam("account_id"), Placement.status.in_(STANDING)
        ),
    )
)


def is_anything_standing(session: Session, *, account_id: str) -> bool:
    """Whether a contact is due, orders are on hold or a placement stands: all that a payment can
    settle. Most payments come in time and settle nothing else."""
    return bool(session.scalar(_IS_ANYTHING_STANDING, {"account_id": account_id}))
