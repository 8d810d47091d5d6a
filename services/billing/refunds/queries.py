"""Reads of refunds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from chassis.pages import read_page
from services.billing.refunds.models import Refund

_Reversal = aliased(Refund)


def list_refunds(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    payment_id: str | None,
    credit_note_id: str | None,
) -> dict[str, Any]:
    """A page of refunds, newest first, each with the day it was reversed, if any."""
    statement = _with_reversals()
    if account_id is not None:
        statement = statement.where(Refund.account_id == account_id)
    if payment_id is not None:
        statement = statement.where(Refund.payment_id == payment_id)
    if credit_note_id is not None:
        statement = statement.where(Refund.credit_note_id == credit_note_id)
    return read_page(
        session, statement, by=[Refund.refund_id], limit=limit, after=after, is_descending=True
    )


def get_refund(session: Session, *, refund_id: str) -> Row[Any]:
    """One refund, with the day it was reversed, if any."""
    return session.execute(_with_reversals().where(Refund.refund_id == refund_id)).one()


def find_standing_refunds(session: Session, *, payment_id: str) -> Sequence[Refund]:
    """The refunds out of a payment that were not reversed, in the order they were made."""
    return session.scalars(
        select(Refund)
        .outerjoin(_Reversal, _Reversal.reverses_id == Refund.refund_id)
        .where(
            Refund.payment_id == payment_id,
            Refund.reverses_id.is_(None),
            _Reversal.refund_id.is_(None),
        )
        .order_by(Refund.refund_id)
    ).all()


def _with_reversals() -> Select[Any]:
    return (
        select(*Refund.__table__.c, _Reversal.refunded_on.label("reversed_on"))
        .select_from(Refund)
        .outerjoin(_Reversal, _Reversal.reverses_id == Refund.refund_id)
        .where(Refund.reverses_id.is_(None))
    )
