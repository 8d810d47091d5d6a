"""Write off what was paid too much, and take that back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from kernel.money import Money
from services.billing.adjustments.models import Adjustment
from services.billing.adjustments.rules import require_overpayment, require_standing
from services.billing.adjustments.usecases import mark_reversed, record_overpayment
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances
from services.billing.ledger.rules import choose_day
from services.billing.ledger.usecases import post_journals
from services.billing.overpayments import rules
from services.billing.overpayments.queries import find_standing
from services.billing.payments.models import Payment
from services.billing.payments.usecases import (
    lock_payment,
    lock_standing_payment,
    owe_overpaid,
    own_overpaid,
)


def write_off_overpayment(
    session: Session,
    *,
    payment_id: str,
    amount: int | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Adjustment:
    """Have what is unapplied of a payment be ours, all of it or a part."""
    payment = lock_standing_payment(session, payment_id=payment_id)
    amount = rules.choose_amount(
        amount, unapplied=Money(payment.unapplied, payment.currency), payment_id=payment_id
    )
    day = choose_day(None, earliest=payment.free_from, today=today, field="adjusted_on")
    own_overpaid(payment, amount=amount)
    adjustment = record_overpayment(
        session,
        account_id=payment.account_id,
        currency=payment.currency,
        payment_id=payment_id,
        amount=amount,
        adjusted_on=day,
        reason=reason,
        now=now,
        by=by,
    )
    _post(session, adjustment, amount, day, now)
    return adjustment


def reverse_overpayment(
    session: Session,
    *,
    adjustment_id: str,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Adjustment:
    """Take the write-off of an overpayment back: it is unapplied again."""
    found = fetch(session, Adjustment, adjustment_id)
    payment_id = require_overpayment(found.payment_id, adjustment_id=adjustment_id)
    payment = lock_payment(session, payment_id=payment_id)
    adjustment = fetch_for_change(session, Adjustment, adjustment_id)
    require_standing(adjustment)
    day = choose_day(reversed_on, earliest=adjustment.adjusted_on, today=today, field="reversed_on")
    _take_back(session, payment, adjustment, day, reason, now, by)
    return adjustment


def take_overpayments_back(
    session: Session, payment: Payment, *, reversed_on: date, reason: str, now: datetime, by: str
) -> None:
    """Nothing of a locked payment that turned out not to be there is ours: what was written off of it is
    unapplied again."""
    for adjustment in find_standing(session, payment_id=payment.payment_id):
        day = max(reversed_on, adjustment.adjusted_on)
        _take_back(session, payment, adjustment, day, reason, now, by)


def _take_back(
    session: Session,
    payment: Payment,
    adjustment: Adjustment,
    day: date,
    reason: str,
    now: datetime,
    by: str,
) -> None:
    owe_overpaid(payment, amount=adjustment.amount, owed_on=day)
    mark_reversed(session, adjustment, reversed_on=day, reason=reason, now=now, by=by)
    _post(session, adjustment, -adjustment.amount, day, now)


def _post(session: Session, adjustment: Adjustment, amount: int, day: date, now: datetime) -> None:
    key = (adjustment.account_id, adjustment.currency)
    journal = rules.overpayment_journal(
        adjustment_id=adjustment.adjustment_id,
        account_id=adjustment.account_id,
        currency=adjustment.currency,
        day=day,
        amount=amount,
    )
    post_journals(session, journals=[journal], now=now)
    change_balances(session, changes={key: BalanceChange(unapplied=-amount)})
