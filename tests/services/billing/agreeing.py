"""Agreeing with accounts on how they pay and are billed, in books."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.billing.routines.models import BillingRoutine
from services.billing.routines.usecases import set_billing_routine


class Agreeing:
    """What is agreed with accounts."""

    session: Session
    now: datetime
    by: str

    def agree(self, account_id: str, **facts: Any) -> BillingRoutine:
        """Agree with an account on how it pays, the whole of it."""
        unsaid = ("payment_terms_id", "kind", "pay_day", "weekday", "weeks", "amount", "currency")
        said = {
            **dict.fromkeys((*unsaid, "bill_day", "statement_day")),
            "months_off": [],
            "reason": "Asked.",
        }
        said |= {
            "allocation_policy": "oldest_due",
            "bills": "per_shipment",
            "statements": "by_account",
        }
        now = {"now": self.now, "by": self.by}
        return set_billing_routine(self.session, account_id=account_id, **said | facts, **now)
