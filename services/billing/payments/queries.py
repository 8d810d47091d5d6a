"""Reads of payments."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.billing.payments.models import Payment
from services.billing.payments.rules import PaymentStatus

_HAS_STATUS: dict[str, ColumnElement[bool]] = {
    PaymentStatus.UNAPPLIED: Payment.unapplied > 0,
    PaymentStatus.APPLIED: and_(Payment.unapplied == 0, Payment.reversed < Payment.amount),
    PaymentStatus.REVERSED: Payment.reversed == Payment.amount,
}


def get_payment(session: Session, *, payment_id: str) -> Payment:
    """One payment."""
    return fetch_only(session, Payment, payment_id)


def list_payments(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    status: str | None,
    reference: str | None,
    value_date_from: date | None,
    value_date_to: date | None,
) -> dict[str, Any]:
    """A page of payments, newest first."""
    statement = select(Payment)
    if account_id is not None:
        statement = statement.where(Payment.account_id == account_id)
    if status is not None:
        statement = statement.where(_HAS_STATUS[status])
    if reference is not None:
        statement = statement.where(Payment.reference == reference)
    if value_date_from is not None:
        statement = statement.where(Payment.value_date >= value_date_from)
    if value_date_to is not None:
        statement = statement.where(Payment.value_date <= value_date_to)
    return read_page(
        session,
        statement,
        by=[Payment.payment_id],
        limit=limit,
        after=after,
        is_descending=True,
    )
