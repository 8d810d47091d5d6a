"""Reads of what became of remedies."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.credits.models import CreditNote
from services.billing.credits.queries import is_about
from services.billing.remedies.models import RefusedRemedy


def is_answered(session: Session, *, remedy_id: str, account_id: str) -> bool:
    """Whether a remedy was refused, or a credit note of its account names it, void or not, whoever
    issued that."""
    refused = select(RefusedRemedy.remedy_id).where(RefusedRemedy.remedy_id == remedy_id)
    credited = select(CreditNote.remedy_id).where(
        CreditNote.remedy_id == remedy_id, is_about(account_id)
    )
    return session.scalars(refused.union_all(credited)).first() is not None
