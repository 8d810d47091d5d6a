"""Reversals of payments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base
from services.billing.reversals.rules import ReversalKind


class PaymentReversal(Base, AccountOwned):
    """What of a payment turned out not to be there: bounced, charged back, entered in error; never
    changed. Where it was there after all, that is a row of its own with the amount negated, and names
    the one reversal it takes back."""

    __tablename__ = "payment_reversal"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount > 0 ELSE amount < 0 END", name="sign"
        ),
    )

    reversal_id: Mapped[str] = mapped_column(primary_key=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.payment_id"), index=True)
    reverses_id: Mapped[str | None] = mapped_column(
        ForeignKey("payment_reversal.reversal_id"), unique=True
    )
    kind: Mapped[str] = mapped_column(server_default=ReversalKind.REVERSAL)
    currency: Mapped[str]
    amount: Mapped[int]
    reversed_on: Mapped[date]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
