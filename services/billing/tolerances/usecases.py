"""Set tolerances."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.database import require_version
from services.billing.tolerances.models import ToleranceSetting
from services.billing.tolerances.queries import get_tolerance


def set_tolerance(
    session: Session,
    *,
    currency: str,
    amount: int,
    percent: Decimal,
    reason: str,
    now: datetime,
    by: str,
) -> ToleranceSetting:
    """Tolerate from now on that so much is missing; what was closed before stays closed."""
    before = get_tolerance(session, currency=currency)
    require_version(session, currency, before.version)
    setting = ToleranceSetting(
        currency=currency,
        version=before.version + 1,
        amount=amount,
        percent=percent,
        reason=reason,
        set_at=now,
        set_by=by,
    )
    session.add(setting)
    session.flush()
    return setting
