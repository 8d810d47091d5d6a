"""Reverse allocations, payments and refunds, and the reversal of a payment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.money import Money
from services.billing import events
from services.billing.allocations.models import Allocatable, Allocation
from services.billing.allocations.queries import find_standing, find_taken_by
from services.billing.allocations.rules import (
    AllocationSource,
    Share,
    give_discounts,
    in_order,
    total,
)
from services.billing.allocations.usecases import take_in
from services.billing.bank_fees.queries import find_bank_fee
from services.billing.bank_fees.usecases import charge_bank_fee, drop_bank_fee
from services.billing.claims.queries import find_claimed_items
from services.billing.claims.usecases import claim_back, drop_claims
from services.billing.credits.models import CreditNote
from services.billing.funds.usecases import lock_allocation, lock_fund, take_off_last
from services.billing.issuing.usecases import announce_issued
from services.billing.items.queries import find_items
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances
from services.billing.ledger.rules import choose_day
from services.billing.ledger.usecases import post_journals
from services.billing.overpayments.usecases import take_overpayments_back
from services.billing.payments.models import Payment
from services.billing.payments.usecases import (
    lock_payment,
    lock_standing_payment,
    put_back,
    take_back,
)
from services.billing.refunds.models import Refund
from services.billing.refunds.queries import get_refund
from services.billing.refunds.usecases import record_reversal
from services.billing.reversals import rules
from services.billing.reversals.models import PaymentReversal
from services.billing.reversals.queries import get_reversal, is_standing
from services.billing.reversals.rules import ReversalKind
from services.billing.settling.usecases import settle, take_off_paid


def reverse_allocation(
    session: Session,
    *,
    allocation_id: str,
    reversed_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> Allocatable:
    """Take one allocation back: its item is owed again, its amount unapplied, and kept so. Returns the
    payment or credit note."""
    fund, allocation = lock_allocation(session, allocation_id=allocation_id)
    fund.is_kept = True
    day = choose_day(
        reversed_on, earliest=allocation.effective_on, today=today, field="reversed_on"
    )
    journals = take_off_paid(
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
    amount: int | None,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Payment:
    """Take a payment back that bounced or was entered in error, all of it or a part: first what is
    unapplied of it, then what it paid last. What was refunded of it is claimed back by debit notes."""
    payment = lock_standing_payment(session, payment_id=payment_id)
    why = (ReversalKind.REVERSAL, reason)
    _take_back(session, payment, amount, reversed_on, *why, today=today, now=now, by=by)
    return payment


def charge_back_payment(
    session: Session,
    *,
    payment_id: str,
    amount: int | None,
    fee: int | None,
    charged_back_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Row[Any]:
    """As `reverse_payment`, where the payer had their bank take it back; with what the bank charged for
    that, if anything, which the client owes then."""
    payment = lock_standing_payment(session, payment_id=payment_id)
    why = (ReversalKind.CHARGEBACK, reason)
    moment: dict[str, Any] = {"now": now, "by": by}
    reversal = _take_back(session, payment, amount, charged_back_on, *why, today=today, **moment)
    if fee is not None:
        charge_bank_fee(
            session,
            account_id=payment.account_id,
            currency=payment.currency,
            amount=fee,
            charged_on=reversal.reversed_on,
            reversal_id=reversal.reversal_id,
            **moment,
        )
    return get_reversal(session, reversal_id=reversal.reversal_id)


def reinstate_payment(
    session: Session,
    *,
    reversal_id: str,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Payment:
    """Take the reversal of a payment back: the money was there after all. It is set against the debit
    notes that followed from the reversal and what it had paid before, as far as that is still owed. What
    the bank charged for it is forgiven."""
    reversal = fetch(session, PaymentReversal, reversal_id)
    payment = lock_payment(session, payment_id=reversal.payment_id)
    rules.require_standing(
        is_standing=is_standing(session, reversal),
        code="reversal_reversed",
        what=f"Reversal {reversal_id}",
    )
    day = choose_day(reversed_on, earliest=reversal.reversed_on, today=today, field="reversed_on")
    amount = reversal.amount
    same = {"kind": reversal.kind, "reverses_id": reversal_id}
    _record(session, payment, -amount, day, reason, now, by, **same)
    if (fee := find_bank_fee(session, reversal_id=reversal_id)) is not None:
        drop_bank_fee(session, invoice_id=fee, dropped_on=day, reason=reason, now=now, by=by)
    shares = _choose_again(session, payment, reversal)
    applied = total(shares)
    put_back(payment, amount=amount, applied=applied, reinstated_on=day)
    session.flush()
    money = _money_of(payment, amount)
    announce(
        session,
        events.PaymentReinstated,
        **money,
        reversal_id=reversal_id,
        reinstated_on=day,
        version=payment.version,
        reason=reason,
    )
    journals = [rules.reinstatement_journal(**money, reinstated_on=day)]
    journals += settle(session, fund=payment, shares=shares, now=now, by=by)
    post_journals(session, journals=journals, now=now)
    change = BalanceChange(open=-applied, unapplied=amount - applied)
    change_balances(session, changes={(payment.account_id, payment.currency): change})
    return payment


def reverse_refund(
    session: Session,
    *,
    refund_id: str,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Row[Any]:
    """Take a refund back that was entered in error or came back. Debit notes that claim it back are void;
    the rest is unapplied again, or set against the item again that it had been taken from."""
    refund = fetch(session, Refund, refund_id)
    fund = lock_fund(session, payment_id=refund.payment_id, credit_note_id=refund.credit_note_id)
    rules.require_standing(
        is_standing=is_standing(session, refund),
        code="refund_reversed",
        what=f"Refund {refund_id}",
    )
    day = choose_day(reversed_on, earliest=refund.refunded_on, today=today, field="reversed_on")
    claimed, paid, day = drop_claims(
        session, refund_id=refund_id, dropped_on=day, reason=reason, now=now, by=by
    )
    returned = refund.amount - claimed
    shares = _choose_items_again(session, fund, refund, returned)
    applied = total(shares)
    take_in(fund, amount=returned, applied=applied, taken_on=day)
    record_reversal(session, refund, reversed_on=day, reason=reason, now=now, by=by)
    journals = settle(session, fund=fund, shares=shares, now=now, by=by)
    journals.append(
        rules.refund_reversal_journal(
            refund_id=refund_id,
            account_id=refund.account_id,
            currency=refund.currency,
            reversed_on=day,
            ledger_account=fund.ledger_account,
            amount=refund.amount,
        )
    )
    post_journals(session, journals=journals, now=now)
    change = BalanceChange(open=paid - claimed - applied, unapplied=paid + returned - applied)
    change_balances(session, changes={(refund.account_id, refund.currency): change})
    return get_refund(session, refund_id=refund_id)


def _take_back(
    session: Session,
    payment: Payment,
    amount: int | None,
    reversed_on: date | None,
    kind: ReversalKind,
    reason: str,
    *,
    today: date,
    now: datetime,
    by: str,
) -> PaymentReversal:
    left = payment.amount - payment.reversed
    amount = rules.choose_amount(
        amount, left=Money(left, payment.currency), payment_id=payment.payment_id
    )
    day = choose_day(reversed_on, earliest=payment.free_from, today=today, field="reversed_on")
    take_overpayments_back(session, payment, reversed_on=day, reason=reason, now=now, by=by)
    parts = rules.divide(amount, unapplied=payment.unapplied, allocated=payment.allocated)
    reversal = _record(session, payment, amount, day, reason, now, by, kind=kind)
    standing = find_standing(session, payment_id=payment.payment_id) if parts.allocated else []
    _, journals = take_off_last(
        session,
        payment,
        amount=parts.allocated,
        allocations=standing,
        reversed_on=day,
        reversal_id=reversal.reversal_id,
        now=now,
        by=by,
    )
    take_back(
        payment,
        unapplied=parts.unapplied + parts.allocated,
        refunded=parts.refunded,
        reversed_on=day,
        reason=reason,
        now=now,
        by=by,
    )
    session.flush()
    claims = claim_back(
        session,
        payment,
        amount=parts.refunded,
        reversal_id=reversal.reversal_id,
        reversed_on=day,
        now=now,
        by=by,
    )
    money = _money_of(payment, amount)
    announce(
        session,
        events.PaymentReversed,
        **money,
        reversal_id=reversal.reversal_id,
        kind=kind,
        left=left - amount,
        reversed_on=day,
        version=payment.version,
        reason=reason,
    )
    journals.append(rules.reversal_journal(**money, reversed_on=day))
    post_journals(session, journals=journals, now=now)
    key = payment.account_id, payment.currency
    change = BalanceChange(open=parts.allocated + parts.refunded, unapplied=-parts.unapplied)
    balances = change_balances(session, changes={key: change})
    announce_issued(session, issued=claims, balances=balances, now=now)
    return reversal


def _record(
    session: Session,
    payment: Payment,
    amount: int,
    day: date,
    reason: str,
    now: datetime,
    by: str,
    *,
    kind: str,
    reverses_id: str | None = None,
) -> PaymentReversal:
    reversal = PaymentReversal(
        reversal_id=new_id("rev"),
        account_id=payment.account_id,
        payment_id=payment.payment_id,
        reverses_id=reverses_id,
        kind=kind,
        currency=payment.currency,
        amount=amount,
        reversed_on=day,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(reversal)
    session.flush()
    return reversal


def _choose_again(session: Session, payment: Payment, reversal: PaymentReversal) -> list[Share]:
    claimed = find_claimed_items(session, reversal_id=reversal.reversal_id)
    taken = find_taken_by(session, reversal_id=reversal.reversal_id)
    items = find_items(session, item_ids=[each.item_id for each in taken])
    shares = rules.choose_again(reversal.amount, claimed, taken, items)
    return give_discounts(shares, paid_on=payment.paid_on)


def _choose_items_again(
    session: Session, fund: Allocatable, refund: Refund, amount: int
) -> list[Share]:
    if refund.crediting_note_id is not None:
        credited = fetch(session, CreditNote, refund.crediting_note_id).invoice_id
        assert credited is not None
        items = find_items(session, item_ids=(), invoice_ids=[credited])
        shares = in_order(amount, items, AllocationSource.OURS)
    elif refund.allocation_id is not None:
        allocation = fetch(session, Allocation, refund.allocation_id)
        items = find_items(session, item_ids=[allocation.item_id])
        shares = in_order(amount, items, AllocationSource(allocation.source))
    else:
        return []
    return give_discounts(shares, paid_on=fund.paid_on)


def _money_of(payment: Payment, amount: int) -> dict[str, Any]:
    return {
        "account_id": payment.account_id,
        "payment_id": payment.payment_id,
        "currency": payment.currency,
        "amount": amount,
    }
