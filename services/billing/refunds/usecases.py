"""Give money back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.money import Money
from services.billing.allocations.models import Allocatable
from services.billing.allocations.queries import find_along, find_discounts, find_standing
from services.billing.allocations.rules import AllocationSource, Share
from services.billing.allocations.usecases import give_back
from services.billing.credits.rules import Grounds
from services.billing.credits.usecases import issue_notes, lock_credit_note, open_desk
from services.billing.funds.usecases import lock_allocation, take_off_last
from services.billing.invoices.models import Invoice
from services.billing.invoices.usecases import lock_invoice
from services.billing.items.queries import find_items
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances
from services.billing.ledger.rules import Journal, choose_day
from services.billing.ledger.usecases import post_journals
from services.billing.payments.models import Payment
from services.billing.payments.usecases import lock_standing_payment
from services.billing.refunds import events
from services.billing.refunds.models import Refund
from services.billing.refunds.queries import get_refund
from services.billing.refunds.rules import (
    choose_how,
    placed_in_credit,
    refund_journal,
    require_amount,
    require_at_most,
    require_credited,
    require_nothing_along,
    require_paid,
)
from services.billing.settling.usecases import renew_allocation, take_off_paid

_ALLOCATED = " What is set against an item is refunded of its allocation, or taken off it first."


def refund_payment(
    session: Session,
    *,
    payment_id: str,
    amount: int | None,
    credit: Mapping[str, Any] | None,
    refunded_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Row[Any]:
    """Give back what is unapplied of a payment; or, with what is credited of an invoice, what it paid of
    that."""
    payment = lock_standing_payment(session, payment_id=payment_id)
    if credit is not None:
        return _refund_and_credit(
            session, payment, amount, credit, refunded_on, reason, today=today, now=now, by=by
        )
    amount = require_amount(amount)
    left = Money(payment.unapplied, payment.currency)
    require_at_most(left, amount=amount, what=f"payment {payment_id}", instead=_ALLOCATED)
    day = _choose_day(payment, refunded_on, today)
    return _refund_unapplied(session, payment, amount, day, reason, now, by)


def refund_credit_note(
    session: Session,
    *,
    credit_note_id: str,
    amount: int,
    refunded_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Row[Any]:
    """Pay out what is unapplied of a credit note: a refund with crediting, no item is owed again."""
    note = lock_credit_note(session, credit_note_id=credit_note_id)
    left = Money(note.unapplied, note.currency)
    require_at_most(left, amount=amount, what=f"credit note {note.number}", instead=_ALLOCATED)
    day = _choose_day(note, refunded_on, today)
    return _refund_unapplied(session, note, amount, day, reason, now, by)


def refund_allocation(
    session: Session,
    *,
    allocation_id: str,
    amount: int | None,
    refunded_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Row[Any]:
    """Give back money that was set against an item, without crediting it: the item is owed again by
    that much. The allocation is reversed, and what is not given back of it allocated anew."""
    fund, allocation = lock_allocation(session, allocation_id=allocation_id)
    amount = allocation.amount if amount is None else amount
    left = Money(allocation.amount, allocation.currency)
    require_at_most(left, amount=amount, what=f"allocation {allocation_id}")
    day = choose_day(
        refunded_on,
        earliest=max(fund.free_from, allocation.effective_on),
        today=today,
        field="refunded_on",
    )
    journals = take_off_paid(
        session, fund=fund, allocations=[allocation], reversed_on=day, now=now, by=by
    )
    rest = allocation.amount - amount
    journals += renew_allocation(
        session, fund=fund, allocation=allocation, amount=rest, now=now, by=by
    )
    refund = _record(session, fund, amount, day, reason, journals, now, by, allocation_id)
    change = BalanceChange(open=amount)
    change_balances(session, changes={(fund.account_id, fund.currency): change})
    return refund


def record_reversal(
    session: Session, refund: Refund, *, reversed_on: date, reason: str, now: datetime, by: str
) -> None:
    """Record that a refund was none, or came back, and announce it. What becomes of its money is the
    caller's affair."""
    same: dict[str, Any] = {
        "account_id": refund.account_id,
        "payment_id": refund.payment_id,
        "credit_note_id": refund.credit_note_id,
        "currency": refund.currency,
    }
    session.add(
        Refund(
            **same,
            refund_id=new_id("rfd"),
            reverses_id=refund.refund_id,
            amount=-refund.amount,
            refunded_on=reversed_on,
            reason=reason,
            recorded_by=by,
            recorded_at=now,
        )
    )
    session.flush()
    announce(
        session,
        events.RefundReversed,
        **same,
        refund_id=refund.refund_id,
        amount=refund.amount,
        reversed_on=reversed_on,
        reason=reason,
    )


def _refund_and_credit(
    session: Session,
    payment: Payment,
    amount: int | None,
    credit: Mapping[str, Any],
    refunded_on: date | None,
    reason: str,
    *,
    today: date,
    now: datetime,
    by: str,
) -> Row[Any]:
    """Give back what a locked payment paid of an invoice, the last of it first, and credit the items that
    it is taken off by just as much: each owes what it owed before."""
    with placed_in_credit("invoice_id"):
        invoice = fetch(session, Invoice, credit["invoice_id"])
    paid = find_standing(session, payment_id=payment.payment_id, invoice_id=invoice.invoice_id)
    left = Money(sum(each.amount for each in paid), payment.currency)
    require_paid(left, amount=0, payment_id=payment.payment_id, invoice=invoice.name)
    given = find_along(session, with_ids=[each.allocation_id for each in paid])
    given = given or find_discounts(session, invoice_id=invoice.invoice_id)
    require_nothing_along(is_given=bool(given), invoice=invoice.name)
    invoice = lock_invoice(session, invoice_id=invoice.invoice_id)
    what = ("remedy_id", "return_id", "return_part")
    grounds = Grounds(reason=reason, **{name: credit[name] for name in what})
    desk = open_desk(session, invoices=[invoice], grounds=[grounds], today=today)
    how = choose_how(credit, amount=amount)
    with placed_in_credit("" if how["amount"] == credit["amount"] else None):
        credited = desk.choose(invoice, **how)
    amount = require_credited(amount, credited=Money(credited.total, payment.currency))
    require_paid(left, amount=amount, payment_id=payment.payment_id, invoice=invoice.name)
    earliest = max(payment.free_from, *(each.effective_on for each in paid))
    day = choose_day(refunded_on, earliest=earliest, today=today, field="refunded_on")
    taken, journals = take_off_last(
        session, payment, amount=amount, allocations=paid, reversed_on=day, now=now, by=by
    )
    change = BalanceChange(open=amount)
    change_balances(session, changes={(payment.account_id, payment.currency): change})
    items = find_items(session, item_ids=[*taken])
    shares = [Share(each, taken[each.item_id], AllocationSource.CREDIT_NOTE) for each in items]
    note = desk.lower(
        invoice,
        credited,
        credit_note_id=new_id("crn"),
        shares=shares,
        grounds=grounds,
        issued_on=day,
    )
    issue_notes(session, new=[note], now=now, by=by)
    crediting = note.credit_note_id
    return _record(session, payment, amount, day, reason, journals, now, by, crediting=crediting)


def _choose_day(fund: Allocatable, asked: date | None, today: date) -> date:
    return choose_day(asked, earliest=fund.free_from, today=today, field="refunded_on")


def _refund_unapplied(
    session: Session,
    fund: Allocatable,
    amount: int,
    day: date,
    reason: str,
    now: datetime,
    by: str,
) -> Row[Any]:
    refund = _record(session, fund, amount, day, reason, [], now, by)
    change = BalanceChange(unapplied=-amount)
    change_balances(session, changes={(fund.account_id, fund.currency): change})
    return refund


def _record(
    session: Session,
    fund: Allocatable,
    amount: int,
    day: date,
    reason: str,
    journals: Sequence[Journal],
    now: datetime,
    by: str,
    allocation_id: str | None = None,
    crediting: str | None = None,
) -> Row[Any]:
    give_back(fund, amount=amount)
    money: dict[str, Any] = {
        "refund_id": new_id("rfd"),
        "account_id": fund.account_id,
        "currency": fund.currency,
        "amount": amount,
        "refunded_on": day,
    }
    refund = Refund(
        **money,
        **fund.keys,
        allocation_id=allocation_id,
        crediting_note_id=crediting,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(refund)
    session.flush()
    announce(session, events.PaymentRefunded, **money, **fund.keys, crediting_note_id=crediting)
    given_back = refund_journal(ledger_account=fund.ledger_account, **money)
    post_journals(session, journals=[*journals, given_back], now=now)
    return get_refund(session, refund_id=refund.refund_id)
