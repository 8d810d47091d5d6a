"""The table of order bills."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class OrderBill(Base, AccountOwned):
    """What sales asked to be billed of an order, as it was answered once: billed by an invoice, or
    refused by `code` and `reason`."""

    __tablename__ = "order_bill"
    __table_args__ = (
        CheckConstraint(
            "(invoice_id IS NULL) = (code IS NOT NULL AND reason IS NOT NULL)", "answer"
        ),
    )

    bill_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"))
    code: Mapped[str | None]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime]
