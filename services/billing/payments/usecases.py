"""Receive payments and allocate them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing import events
from services.billing.accounts.queries import get_account
from services.billing.allocations.rules import total
from services.billing.allocations.usecases import (
    allocate_instructed,
    allocate_oldest,
    choose_instructed,
    choose_oldest,
    record_shares,
)
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.rules import require_past
from services.billing.ledger.usecases import post_journals
from services.billing.payments.models import Payment
from services.billing.payments.rules import receipt_journal, require_standing


def receive_payment(
    session: Session,
    *,
    account_id: str,
    currency: str,
    amount: int,
    value_date: date,
    method: str,
    reference: str | None,
    instruction: Sequence[Mapping[str, Any]] | None,
    today: date,
    now: datetime,
    by: str,
) -> Payment:
    """Enter money received and set it against what the instruction names, else against the account's
    open items in its currency, oldest due first. What is left is unapplied."""
    require_past(value_date, today=today, field="value_date")
    get_account(session, account_id=account_id)
    lock_balances(session, keys=[(account_id, currency)])
    money: dict[str, Any] = {"account_id": account_id, "currency": currency, "amount": amount}
    if instruction is None:
        shares = choose_oldest(session, **money)
    else:
        shares = choose_instructed(session, instruction=instruction, **money)
    applied = total(shares)
    payment = Payment(
        payment_id=new_id("pay"),
        **money,
        unapplied=amount - applied,
        refunded=0,
        reversed=0,
        value_date=value_date,
        free_from=value_date,
        method=method,
        reference=reference,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(payment)
    session.flush()
    announce(
        session,
        events.PaymentReceived,
        payment_id=payment.payment_id,
        version=payment.version,
        **money,
        value_date=value_date,
        method=method,
        reference=reference,
    )
    journals = [receipt_journal(payment_id=payment.payment_id, value_date=value_date, **money)]
    journals += record_shares(session, fund=payment, shares=shares, now=now, by=by)
    post_journals(session, journals=journals, now=now)
    change = BalanceChange(open=-applied, unapplied=amount - applied)
    change_balances(session, changes={(account_id, currency): change})
    return payment


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
