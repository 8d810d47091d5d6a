"""Reads of reversals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import Session, aliased

from chassis.database import fetch
from chassis.pages import read_page
from services.billing.invoices.models import Invoice
from services.billing.payments.models import Payment
from services.billing.refunds.models import Refund
from services.billing.reversals.models import PaymentReversal

_Reinstatement = aliased(PaymentReversal)


def list_payment_reversals(
    session: Session, *, payment_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of the reversals of a payment, in their order, each with the day from which the money was
    there after all, if it was."""
    fetch(session, Payment, payment_id)
    statement = _with_what_followed().where(PaymentReversal.payment_id == payment_id)
    return read_page(session, statement, by=[PaymentReversal.reversal_id], limit=limit, after=after)


def get_reversal(session: Session, *, reversal_id: str) -> Row[Any]:
    """One reversal of a payment, with what followed from it."""
    found = _with_what_followed().where(PaymentReversal.reversal_id == reversal_id)
    return session.execute(found).one()


def is_standing(session: Session, thing: PaymentReversal | Refund) -> bool:
    """Whether it takes back nothing itself and was not taken back."""
    if thing.reverses_id is not None:
        return False
    if isinstance(thing, Refund):
        taken_back = exists().where(Refund.reverses_id == thing.refund_id)
    else:
        taken_back = exists().where(PaymentReversal.reverses_id == thing.reversal_id)
    return not session.scalar(select(taken_back))


def _with_what_followed() -> Select[Any]:
    """Reversals, each with what the bank charged for it, and the day from which it was none."""
    return (
        select(
            *PaymentReversal.__table__.c,
            _Reinstatement.reversed_on.label("reinstated_on"),
            Invoice.invoice_id.label("fee_invoice_id"),
            Invoice.assessed.label("fee"),
        )
        .select_from(PaymentReversal)
        .outerjoin(_Reinstatement, _Reinstatement.reverses_id == PaymentReversal.reversal_id)
        .outerjoin(
            Invoice,
            (Invoice.reversal_id == PaymentReversal.reversal_id) & (Invoice.assessed > 0),
        )
        .where(PaymentReversal.reverses_id.is_(None))
    )
