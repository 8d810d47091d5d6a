"""Reads of what the bank charged."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.invoices.models import Invoice


def find_bank_fee(session: Session, *, reversal_id: str) -> str | None:
    """The document that demands what the bank charged for the reversal of a payment, if any does."""
    return session.scalar(
        select(Invoice.invoice_id).where(Invoice.reversal_id == reversal_id, Invoice.assessed > 0)
    )
