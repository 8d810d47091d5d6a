"""Keeping the copy of the company up to date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.collections.company.models import Company


def keep_company(session: Session, snapshots: Rows) -> None:
    """Store who accounts says we are."""
    keep_newest(session, Company, snapshots)
