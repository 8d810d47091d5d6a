"""The table of adjustments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.billing.adjustments.rules import post
from services.billing.base import Base
from services.billing.ledger.rules import LedgerAccount


class Adjustment(Base, Aggregate, AccountOwned):
    """So much of what was owed is given up from `adjusted_on` on: set against items by allocations that
    name it, divided into components. `write_off_id` is what collections approved, if it is that;
    `payment_id` what came too much, if it is that, which is set against nothing."""

    __tablename__ = "adjustment"
    __table_args__ = (
        CheckConstraint("net + tax + fee + interest = amount AND amount > 0", name="amount"),
        Index(
            "ix_adjustment_payment_id",
            "payment_id",
            postgresql_where=text("payment_id IS NOT NULL"),
        ),
    )

    adjustment_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    write_off_id: Mapped[str | None] = mapped_column(unique=True)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.payment_id"))
    currency: Mapped[str]
    amount: Mapped[int]
    net: Mapped[int]
    tax: Mapped[int]
    fee: Mapped[int]
    interest: Mapped[int]
    adjusted_on: Mapped[date]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    reversed_on: Mapped[date | None]
    reversed_by: Mapped[str | None]
    reversed_at: Mapped[datetime | None]
    reversal_reason: Mapped[str | None]

    @property
    def free_from(self) -> date:
        return self.adjusted_on

    def post(self, amount: int) -> dict[LedgerAccount, int]:
        """Where what is set against an item comes from, in the ledger."""
        return post(self.kind, amount=amount, tax=self.tax)

    @property
    def keys(self) -> dict[str, str | None]:
        """The columns of an allocation that say what it is of."""
        return {"payment_id": None, "credit_note_id": None, "adjustment_id": self.adjustment_id}

    @property
    def is_reversed(self) -> bool:
        return self.reversed_on is not None


class AdjustmentRate(Base):
    """What of an adjustment that lowers tax is of which rate."""

    __tablename__ = "adjustment_rate"

    adjustment_id: Mapped[str] = mapped_column(
        ForeignKey("adjustment.adjustment_id"), primary_key=True
    )
    tax_code: Mapped[str] = mapped_column(primary_key=True)
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3), primary_key=True)
    net: Mapped[int]
    tax: Mapped[int]
