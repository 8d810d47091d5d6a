"""Reads of reversals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from chassis.database import fetch
from chassis.pages import read_page
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
    statement = (
        select(*PaymentReversal.__table__.c, _Reinstatement.reversed_on.label("reinstated_on"))
        .select_from(PaymentReversal)
        .outerjoin(_Reinstatement, _Reinstatement.reverses_id == PaymentReversal.reversal_id)
        .where(PaymentReversal.payment_id == payment_id, PaymentReversal.reverses_id.is_(None))
    )
    return read_page(session, statement, by=[PaymentReversal.reversal_id], limit=limit, after=after)


def get_last_reversal(session: Session, *, payment_id: str) -> PaymentReversal:
    """The reversal of a payment that was recorded last."""
    return session.scalars(
        select(PaymentReversal)
        .where(PaymentReversal.payment_id == payment_id, PaymentReversal.reverses_id.is_(None))
        .order_by(PaymentReversal.reversal_id.desc())
        .limit(1)
    ).one()


def is_standing(session: Session, thing: PaymentReversal | Refund) -> bool:
    """Whether it takes back nothing itself and was not taken back."""
    if thing.reverses_id is not None:
        return False
    if isinstance(thing, Refund):
        taken_back = exists().where(Refund.reverses_id == thing.refund_id)
    else:
        taken_back = exists().where(PaymentReversal.reverses_id == thing.reversal_id)
    return not session.scalar(select(taken_back))
