"""Payments: money received."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.billing.allocations.models import Allocatable
from services.billing.base import Base
from services.billing.ledger.rules import LedgerAccount
from services.billing.payments.rules import payment_status


class Payment(Base, Aggregate, Allocatable):
    """Money received on `value_date`: allocated, refunded or unapplied, until it is reversed; then
    `unapplied` is what was refunded of it, below zero: given back, and never received."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "refunded >= 0 AND unapplied >= CASE WHEN reversed_on IS NULL THEN 0 ELSE -refunded END",
            name="not_negative",
        ),
        CheckConstraint("unapplied + refunded <= amount", name="within_amount"),
    )
    ledger_account = LedgerAccount.UNAPPLIED_CASH

    payment_id: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    value_date: Mapped[date] = mapped_column(index=True)
    method: Mapped[str]
    reference: Mapped[str | None] = mapped_column(index=True)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    reversed_on: Mapped[date | None]
    reversed_by: Mapped[str | None]
    reversed_at: Mapped[datetime | None]
    reversal_reason: Mapped[str | None]

    @property
    def keys(self) -> dict[str, str | None]:
        return {"payment_id": self.payment_id, "credit_note_id": None}

    @property
    def allocated(self) -> int:
        is_money = self.reversed_on is None
        return self.amount - self.unapplied - self.refunded if is_money else 0

    @property
    def status(self) -> str:
        return payment_status(is_reversed=self.reversed_on is not None, unapplied=self.unapplied)
