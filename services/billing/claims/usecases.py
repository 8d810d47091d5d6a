"""Claim back what was refunded of a payment that turned out not to be one, and drop such a claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.orm import Session

from kernel.ids import new_ids
from services.billing.allocations.models import Allocation
from services.billing.allocations.queries import find_standing
from services.billing.claims.queries import find_claims, find_unclaimed
from services.billing.claims.rules import debit_note, require_not_adjusted, spread
from services.billing.funds.usecases import lock_fund
from services.billing.issuing.usecases import Issued, store_new
from services.billing.ledger.usecases import post_journals
from services.billing.payments.models import Payment
from services.billing.settling.usecases import take_off_paid
from services.billing.voids.usecases import void_document


def claim_back(
    session: Session,
    payment: Payment,
    *,
    amount: int,
    reversal_id: str,
    reversed_on: date,
    now: datetime,
    by: str,
) -> list[Issued]:
    """Store a debit note for each refund out of the payment, oldest first, until they come to the amount:
    due at once, from the day of the reversal or of the refund, whichever is later. The account's balance
    is the caller's to raise; then they are to be announced."""
    if amount == 0:
        return []
    claims = list(spread(amount, find_unclaimed(session, payment_id=payment.payment_id)))
    notes = [
        debit_note(
            invoice_id=invoice_id,
            account_id=payment.account_id,
            currency=payment.currency,
            amount=share,
            refund_id=refund.refund_id,
            reversal_id=reversal_id,
            issued_on=max(reversed_on, refund.refunded_on),
        )
        for invoice_id, (refund, share) in zip(new_ids("inv", len(claims)), claims, strict=True)
    ]
    return store_new(session, new=notes, now=now, by=by)


def drop_claims(
    session: Session, *, refund_id: str, dropped_on: date, reason: str, now: datetime, by: str
) -> tuple[int, int, date]:
    """Void the debit notes that claim a refund back: it was none. What they were paid with is unapplied
    again. What they came to, what of that had been paid, and the day from which all this counts: the one
    given or, where that is later, the first on which all of them were there and as paid as they are now.
    The account's balance is the caller's to change."""
    notes = find_claims(session, refund_id=refund_id)
    paid_by = [
        [each for each in find_standing(session, invoice_id=note.invoice_id) if not each.with_id]
        for note in notes
    ]
    require_not_adjusted(each.adjustment_id for own in paid_by for each in own)
    day = max(
        [
            dropped_on,
            *(note.issued_on for note in notes if note.issued_on is not None),
            *(allocation.effective_on for own in paid_by for allocation in own),
        ]
    )
    claimed = sum(note.total for note in notes)
    paid = sum(allocation.amount for own in paid_by for allocation in own)
    for note, allocations in zip(notes, paid_by, strict=True):
        _unpay(session, allocations, day, now, by)
        void_document(session, note, voided_on=day, reason=reason, now=now, by=by)
    return claimed, paid, day


def _unpay(
    session: Session, allocations: Sequence[Allocation], day: date, now: datetime, by: str
) -> None:
    """Take back what was set against a debit note."""

    def fund_of(allocation: Allocation) -> tuple[str, str]:
        return allocation.payment_id or "", allocation.credit_note_id or ""

    for (payment_id, credit_note_id), own in groupby(sorted(allocations, key=fund_of), key=fund_of):
        fund = lock_fund(
            session, payment_id=payment_id or None, credit_note_id=credit_note_id or None
        )
        journals = take_off_paid(
            session, fund=fund, allocations=list(own), reversed_on=day, now=now, by=by
        )
        post_journals(session, journals=journals, now=now)
