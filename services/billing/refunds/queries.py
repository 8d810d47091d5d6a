"""Reads of refunds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.refunds.models import Refund


def list_refunds(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    payment_id: str | None,
    credit_note_id: str | None,
) -> dict[str, Any]:
    """A page of refunds, newest first."""
    statement = select(Refund)
    if account_id is not None:
        statement = statement.where(Refund.account_id == account_id)
    if payment_id is not None:
        statement = statement.where(Refund.payment_id == payment_id)
    if credit_note_id is not None:
        statement = statement.where(Refund.credit_note_id == credit_note_id)
    return read_page(
        session, statement, by=[Refund.refund_id], limit=limit, after=after, is_descending=True
    )
