"""Reverse allocations and payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.outbox import announce
from kernel.refusals import Conflict
from services.billing import events
from services.billing.allocations.models import Allocatable, Allocation
from services.billing.allocations.queries import find_standing
from services.billing.allocations.usecases import reverse_allocations
from services.billing.credits.usecases import lock_credit_note
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances
from services.billing.ledger.usecases import post_journals
from services.billing.payments.models import Payment
from services.billing.payments.usecases import lock_payment
from services.billing.reversals import rules


def reverse_allocation(
    session: Session,
    *,
    allocation_id: str,
    reversed_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> Allocatable:
    """Take one allocation back: its item is owed again, its amount unapplied. Returns the payment or
    credit note."""
    fund, allocation = lock_allocation(session, allocation_id=allocation_id)
    day = rules.choose_day(
        reversed_on, earliest=allocation.effective_on, today=today, field="reversed_on"
    )
    journals = reverse_allocations(
        session, fund=fund, allocations=[allocation], reversed_on=day, now=now, by=by
    )
    post_journals(session, journals=journals, now=now)
    change = BalanceChange(open=allocation.amount, unapplied=allocation.amount)
    change_balances(session, changes={(fund.account_id, fund.currency): change})
    return fund


def reverse_payment(
    session: Session,
    *,
    payment_id: str,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Payment:
    """Take a payment back that bounced or was entered in error, with all its allocations. What was
    refunded of it was given away: it is owed, as unapplied money below zero, until other money comes."""
    payment = lock_payment(session, payment_id=payment_id)
    day = rules.choose_day(
        reversed_on, earliest=payment.free_from, today=today, field="reversed_on"
    )
    change = BalanceChange(open=payment.allocated, unapplied=-payment.unapplied - payment.refunded)
    journals = reverse_allocations(
        session,
        fund=payment,
        allocations=find_standing(session, payment_id=payment_id),
        reversed_on=day,
        now=now,
        by=by,
    )
    payment.unapplied = -payment.refunded
    payment.reversed_on, payment.reversed_at = day, now
    payment.reversed_by, payment.reversal_reason = by, reason
    session.flush()
    money: dict[str, Any] = {
        "account_id": payment.account_id,
        "payment_id": payment_id,
        "currency": payment.currency,
        "amount": payment.amount,
        "reversed_on": day,
    }
    announce(session, events.PaymentReversed, **money, version=payment.version, reason=reason)
    post_journals(session, journals=[*journals, rules.reversal_journal(**money)], now=now)
    change_balances(session, changes={(payment.account_id, payment.currency): change})
    return payment


def lock_allocation(session: Session, *, allocation_id: str) -> tuple[Allocatable, Allocation]:
    """The payment or credit note of an allocation, for change, and the allocation; refused when it is
    reversed already."""
    found = fetch(session, Allocation, allocation_id)
    fund: Allocatable
    if found.payment_id is not None:
        fund = lock_payment(session, payment_id=found.payment_id)
    else:
        assert found.credit_note_id is not None
        fund = lock_credit_note(session, credit_note_id=found.credit_note_id)
    standing = find_standing(session, allocation_id=allocation_id)
    if not standing:
        raise Conflict(
            "allocation_reversed", f"Allocation {allocation_id} is reversed; there is nothing left."
        )
    return fund, standing[0]
