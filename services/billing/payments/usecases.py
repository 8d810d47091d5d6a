"""Allocate payments; take them back, and put them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from services.billing.items.usecases import lock_balances
from services.billing.payments.models import Payment
from services.billing.payments.rules import require_standing
from services.billing.settling.usecases import allocate_instructed, allocate_oldest


def allocate_payment(
    session: Session,
    *,
    payment_id: str,
    instruction: Sequence[Mapping[str, Any]],
    now: datetime,
    by: str,
) -> Payment:
    """Set what is unapplied of a payment against the items named."""
    payment = lock_standing_payment(session, payment_id=payment_id)
    allocate_instructed(session, fund=payment, instruction=instruction, now=now, by=by)
    return payment


def allocate_payment_oldest_first(
    session: Session, *, payment_id: str, now: datetime, by: str
) -> Payment:
    """Set what is unapplied of a payment against the account's items, oldest due first."""
    payment = lock_standing_payment(session, payment_id=payment_id)
    allocate_oldest(session, fund=payment, now=now, by=by)
    return payment


def take_back(
    payment: Payment,
    *,
    unapplied: int,
    refunded: int,
    reversed_on: date,
    reason: str,
    now: datetime,
    by: str,
) -> None:
    """Of a locked payment, what is unapplied and what was refunded is less by so much that was not there;
    who took the last of it, and when, is noted."""
    payment.unapplied -= unapplied
    payment.refunded -= refunded
    payment.reversed += unapplied + refunded
    if payment.reversed == payment.amount:
        payment.reversed_on, payment.reversed_at = reversed_on, now
        payment.reversed_by, payment.reversal_reason = by, reason


def own_overpaid(payment: Payment, *, amount: int) -> None:
    """Of a locked payment, so much that is unapplied is ours."""
    payment.unapplied -= amount
    payment.overpaid += amount


def owe_overpaid(payment: Payment, *, amount: int, owed_on: date) -> None:
    """Of a locked payment, so much that was ours is unapplied again from a day on."""
    payment.overpaid -= amount
    payment.unapplied += amount
    payment.free_from = max(payment.free_from, owed_on)


def put_back(payment: Payment, *, amount: int, applied: int, reinstated_on: date) -> None:
    """Of a locked payment, so much was there after all, from a day on; so much of that is set against
    items at once, the rest is unapplied."""
    payment.reversed -= amount
    payment.unapplied += amount - applied
    payment.free_from = max(payment.free_from, reinstated_on)
    payment.reversed_on = payment.reversed_at = None
    payment.reversed_by = payment.reversal_reason = None


def lock_standing_payment(session: Session, *, payment_id: str) -> Payment:
    """As `lock_payment`; refused when all of it is reversed."""
    payment = lock_payment(session, payment_id=payment_id)
    require_standing(status=payment.status, payment_id=payment_id)
    return payment


def lock_payment(session: Session, *, payment_id: str) -> Payment:
    """The payment for change, after the balance that comes before it in the order of locks."""
    found = fetch(session, Payment, payment_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    return fetch_for_change(session, Payment, payment_id)
