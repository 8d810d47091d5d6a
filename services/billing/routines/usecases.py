"""Agree with accounts on how they pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import require_version
from chassis.outbox import announce
from services.billing.routines.events import BillingRoutineChanged
from services.billing.routines.models import BillingRoutine
from services.billing.routines.queries import get_billing_routine
from services.billing.routines.rules import require_routine
from services.billing.terms.queries import choose_terms, find_terms


def set_billing_routine(
    session: Session,
    *,
    account_id: str,
    payment_terms_id: str | None,
    kind: str | None,
    pay_day: int | None,
    weekday: str | None,
    weeks: int | None,
    amount: int | None,
    currency: str | None,
    months_off: Sequence[int],
    bill_day: int | None,
    allocation_policy: str,
    bills: str,
    statement_day: int | None,
    statements: str,
    reason: str,
    now: datetime,
    by: str,
) -> BillingRoutine:
    """Agree on all of it anew, for what is issued from now on."""
    routine: dict[str, Any] = {
        "kind": kind,
        "pay_day": pay_day,
        "weekday": weekday,
        "weeks": weeks,
        "amount": amount,
        "currency": currency,
        "months_off": sorted(set(months_off)),
    }
    require_routine(**routine)
    before = get_billing_routine(session, account_id=account_id)
    require_version(session, account_id, before.version)
    if payment_terms_id != before.payment_terms_id:
        found = find_terms(session, payment_terms_ids=[payment_terms_id])
        choose_terms(found, payment_terms_id)
    facts = {
        "account_id": account_id,
        "version": before.version + 1,
        "payment_terms_id": payment_terms_id,
        **routine,
        "bill_day": bill_day,
        "allocation_policy": allocation_policy,
        "bills": bills,
        "statement_day": statement_day,
        "statements": statements,
        "reason": reason,
        "set_by": by,
    }
    agreed = BillingRoutine(**facts, set_at=now)
    session.add(agreed)
    session.flush()
    announce(session, BillingRoutineChanged, **facts)
    return agreed
