"""What of advances is ahead no longer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class AdvanceUse(Base, AccountOwned):
    """A part of an advance that is ahead no longer, at one rate of tax: taken off the invoice of a
    shipment, or, where that is void, billing the shipment again; or credited. Given back, it is a row of
    its own with the amounts negated."""

    __tablename__ = "advance_use"
    __table_args__ = (CheckConstraint("num_nonnulls(invoice_id, credit_note_id) = 1", "by_one"),)

    use_id: Mapped[str] = mapped_column(primary_key=True)
    advance_id: Mapped[str] = mapped_column(ForeignKey("invoice.invoice_id"), index=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"), index=True)
    credit_note_id: Mapped[str | None] = mapped_column(ForeignKey("credit_note.credit_note_id"))
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    tax_code: Mapped[str]
    net: Mapped[int]
    tax: Mapped[int]
    recorded_at: Mapped[datetime]
