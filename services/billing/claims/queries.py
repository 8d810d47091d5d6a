"""Reads of what is claimed back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.refunds.models import Refund
from services.billing.refunds.queries import find_standing_refunds


def find_unclaimed(session: Session, *, payment_id: str) -> list[tuple[Refund, int]]:
    """The standing refunds out of a payment, oldest first, with what of each is not claimed back."""
    refunds = find_standing_refunds(session, payment_id=payment_id)
    claimed = {
        refund_id: int(amount)
        for refund_id, amount in session.execute(
            select(Invoice.refund_id, func.sum(Invoice.reclaimed))
            .where(
                Invoice.refund_id.in_([refund.refund_id for refund in refunds]),
                Invoice.voided_on.is_(None),
            )
            .group_by(Invoice.refund_id)
        )
    }
    return [(refund, refund.amount - claimed.get(refund.refund_id, 0)) for refund in refunds]


def find_claims(session: Session, *, refund_id: str) -> Sequence[Invoice]:
    """The debit notes that claim a refund back, locked, in the order they were issued."""
    return session.scalars(
        select(Invoice)
        .where(Invoice.refund_id == refund_id, Invoice.voided_on.is_(None))
        .order_by(Invoice.invoice_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def find_claimed_items(session: Session, *, reversal_id: str) -> Sequence[Item]:
    """What is open of the debit notes that followed from the reversal of a payment."""
    return session.scalars(
        select(Item)
        .join(Invoice, Invoice.invoice_id == Item.invoice_id)
        .where(Invoice.reversal_id == reversal_id, Invoice.reclaimed > 0, Item.balance > 0)
        .order_by(Item.item_id)
        .execution_options(populate_existing=True)
    ).all()
