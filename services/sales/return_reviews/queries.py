"""Reading which returns are to be looked at."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.sales.return_reviews.rules import HERE
from services.sales.return_settings.rules import ReturnDays
from services.sales.returns.models import Return
from services.sales.returns.rules import ReturnStatus

REVIEWED_MAX = 5000  # a day


def find_to_review(session: Session, *, day: date, limits: ReturnDays) -> list[str]:
    """The returns that may have expired, or may have waited too long without anybody being told."""
    expired = Return.status.in_([ReturnStatus.REQUESTED, ReturnStatus.AUTHORISED]) & (
        Return.expires_on < day
    )
    is_here = Return.waits_for.in_(HERE) | (Return.status == ReturnStatus.IN_TRANSIT)
    shortest = min(limits.transit_days, limits.answer_days)
    long_ago = Return.waits_since < day - timedelta(days=shortest)
    waits = is_here & long_ago & Return.contact_reason.is_(None)
    found = select(Return.return_id).where(or_(expired, waits)).order_by(Return.return_id)
    return [*session.scalars(found.limit(REVIEWED_MAX))]
