"""Keep on which days accounts have no service."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.billing.suspensions.models import Suspension


def keep_suspensions(session: Session, told: Rows) -> set[str]:
    """Store suspensions, unless newer ones are here already; the ids of those that changed here."""
    names = [*Suspension.__table__.columns.keys()]
    rows = [{name: one.get(name) for name in names} for one in told]
    return {kept.suspension_id for kept in keep_newest(session, Suspension, rows)}
