"""Reads of receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from kernel.refusals import NotFound
from services.billing.accounts.queries import get_account
from services.billing.allocations.models import Allocation
from services.billing.items.models import PLACE, Item
from services.billing.payments.models import Payment
from services.billing.receipts.models import Receipt
from services.billing.receipts.rules import ReceiptFacts

_SAME = (
    *("payment_id", "account_id", "currency", "amount", "allocated", "refunded", "unapplied"),
    *("reversed", "status", "value_date", "method", "reference", "reversed_on", "reversal_reason"),
)


def get_receipt(session: Session, *, payment_id: str) -> dict[str, Any]:
    """The receipt of a payment; NotFound where nobody asked for one yet."""
    receipt = find_receipt(session, payment_id=payment_id)
    if receipt is None:
        raise NotFound(
            "receipt_not_found",
            f"Payment {payment_id} has no receipt yet; POST to the same address issues it.",
        )
    return receipt


def find_receipt(session: Session, *, payment_id: str) -> dict[str, Any] | None:
    """The receipt of a payment, as the payment is now; None where it was not issued."""
    payment = fetch(session, Payment, payment_id)
    receipt = session.get(Receipt, payment_id)
    if receipt is None:
        return None
    return {
        "number": receipt.number,
        "issued_on": receipt.issued_on,
        "account_number": get_account(session, account_id=payment.account_id).number,
        **{name: getattr(payment, name) for name in _SAME},
        "parts": _find_parts(session, payment_id),
    }


def read_facts(receipt: Mapping[str, Any]) -> ReceiptFacts:
    """What stands on a receipt."""
    parts = [(part.invoice_number, int(part.amount)) for part in receipt["parts"]]
    same = ("number", "issued_on", "currency", "amount", "value_date", "method", "reference")
    left, given_back, reversed_ = (receipt[name] for name in ("unapplied", "refunded", "reversed"))
    set_against = sum(amount for _, amount in parts)
    return ReceiptFacts(
        **{name: receipt[name] for name in same},
        parts=parts,
        left=left,
        given_back=given_back,
        reversed=reversed_,
        kept=receipt["amount"] - set_against - left - given_back - reversed_,
    )


def _find_parts(session: Session, payment_id: str) -> Sequence[Row[Any]]:
    """What of a payment is set against which item now, those due first first."""
    amount = func.sum(Allocation.amount)
    statement: Any = (
        select(Item.item_id, Item.invoice_id, Item.invoice_number, amount.label("amount"))
        .join(Allocation, Allocation.item_id == Item.item_id)
        .where(Allocation.payment_id == payment_id)
        .group_by(Item.item_id)
        .having(amount > 0)
        .order_by(*(getattr(Item, name) for name in PLACE))
    )
    return session.execute(statement).all()
