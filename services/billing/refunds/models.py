"""Refunds: money given back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class Refund(Base, AccountOwned):
    """Money given back out of a payment or a credit note, or out of what one of their allocations had
    paid; never changed. `crediting_note_id` is the credit note that keeps it from being owed again. A
    reversal is a row of its own with the amount negated, and names the one refund it takes back."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("num_nonnulls(payment_id, credit_note_id) = 1", name="of_one"),
        CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount > 0 ELSE amount < 0 END", name="sign"
        ),
    )

    refund_id: Mapped[str] = mapped_column(primary_key=True)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.payment_id"), index=True)
    credit_note_id: Mapped[str | None] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), index=True
    )
    allocation_id: Mapped[str | None] = mapped_column(ForeignKey("allocation.allocation_id"))
    crediting_note_id: Mapped[str | None] = mapped_column(ForeignKey("credit_note.credit_note_id"))
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("refund.refund_id"), unique=True)
    currency: Mapped[str]
    amount: Mapped[int]
    refunded_on: Mapped[date]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
