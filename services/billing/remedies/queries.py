"""Reads of what became of remedies."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from services.billing.credits.models import CreditNote
from services.billing.remedies.models import RefusedRemedy
from services.billing.remedies.rules import Remedy


def find_answered(session: Session, *, remedies: Collection[Remedy]) -> set[Remedy]:
    """Those of these remedies that were refused, or that a credit note of their account names, or one for
    it, void or not, whoever issued that."""
    wanted = {remedy.remedy_id for remedy in remedies}
    refused = select(RefusedRemedy.remedy_id, null()).where(RefusedRemedy.remedy_id.in_(wanted))
    notes = [
        select(CreditNote.remedy_id, whose).where(
            CreditNote.remedy_id.in_(wanted), whose.is_not(None)
        )
        for whose in (CreditNote.account_id, CreditNote.for_account_id)
    ]
    found = {tuple(row) for row in session.execute(refused.union_all(*notes))}
    return {one for one in remedies if found & {one, (one.remedy_id, None)}}
