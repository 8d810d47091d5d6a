"""Set credit terms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import require_version
from services.sales.credit_terms import queries
from services.sales.credit_terms.models import CreditTerms, DefaultCreditTerms


def set_credit_terms(
    session: Session,
    *,
    account_id: str,
    overdue_limit: int | None,
    overdue_days: int,
    counts_drafts: bool,
    reason: str,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Look at this of an account from now on, whatever the firm has."""
    terms = {"overdue_limit": overdue_limit, "overdue_days": overdue_days}
    said = {**terms, "counts_drafts": counts_drafts, "reason": reason}
    return _append(session, account_id, said, is_default=False, now=now, by=by)


def follow_default(
    session: Session, *, account_id: str, reason: str, now: datetime, by: str
) -> dict[str, Any]:
    """Look at what the firm has, from now on."""
    nothing = {"overdue_limit": None, "overdue_days": 0, "counts_drafts": False}
    return _append(
        session, account_id, nothing | {"reason": reason}, is_default=True, now=now, by=by
    )


def set_default_credit_terms(
    session: Session,
    *,
    currency: str,
    overdue_limit: int | None,
    overdue_days: int,
    counts_drafts: bool,
    reason: str,
    now: datetime,
    by: str,
) -> DefaultCreditTerms:
    """Look at this of all accounts of a currency that have no terms of their own, from now on."""
    before = queries.get_default_credit_terms(session, currency=currency)
    require_version(session, currency, before.version)
    terms = DefaultCreditTerms(
        currency=currency,
        version=before.version + 1,
        overdue_limit=overdue_limit,
        overdue_days=overdue_days,
        counts_drafts=counts_drafts,
        reason=reason,
        set_at=now,
        set_by=by,
    )
    session.add(terms)
    session.flush()
    return terms


def _append(
    session: Session,
    account_id: str,
    said: dict[str, Any],
    *,
    is_default: bool,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    before = queries.get_credit_terms(session, account_id=account_id)
    require_version(session, account_id, before["version"])
    names = {"account_id": account_id, "version": before["version"] + 1}
    session.add(CreditTerms(**names, **said, is_default=is_default, set_at=now, set_by=by))
    session.flush()
    return queries.get_credit_terms(session, account_id=account_id)
