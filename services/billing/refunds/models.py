"""Refunds: money given back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class Refund(Base, AccountOwned):
    """Money given back out of a payment or a credit note; never changed."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("num_nonnulls(payment_id, credit_note_id) = 1", name="of_one"),
        CheckConstraint("amount > 0", name="amount"),
    )

    refund_id: Mapped[str] = mapped_column(primary_key=True)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.payment_id"), index=True)
    credit_note_id: Mapped[str | None] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), index=True
    )
    currency: Mapped[str]
    amount: Mapped[int]
    refunded_on: Mapped[date]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
