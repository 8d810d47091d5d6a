"""Keep which letters are on their way."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.billing.notices.models import Notice


def keep_notices(session: Session, changes: Rows) -> None:
    """Store which items letters ask for, and that they are over; what is over stays so."""
    keep_newest(session, Notice, changes)
