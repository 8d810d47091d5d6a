"""Debits, and what they fetch of which item."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import AccountOwned, Aggregate
from services.billing.base import Base


class Debit(Base, Aggregate, AccountOwned):
    """Money that we fetch from a client: what of which items. `payment_id` is what came of it;
    where it failed later, `reversal_id` is what took that back. `fee_invoice_id` demands what the bank
    charged for a failure that stands."""

    __tablename__ = "debit"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    debit_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]
    amount: Mapped[int]
    method: Mapped[str]
    reference: Mapped[str | None]
    status: Mapped[str]
    reason: Mapped[str | None]
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.payment_id"), index=True)
    reversal_id: Mapped[str | None] = mapped_column(ForeignKey("payment_reversal.reversal_id"))
    fee_invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"))
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime]
    changed_by: Mapped[str]
    changed_on: Mapped[date]

    parts: Mapped[list[DebitPart]] = relationship(order_by="DebitPart.position")

    @property
    def amounts(self) -> dict[str, int]:
        """What it fetches of each item, by its id."""
        return {part.item_id: part.amount for part in self.parts}


class DebitPart(Base):
    """What a debit fetches of one item."""

    __tablename__ = "debit_part"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    debit_id: Mapped[str] = mapped_column(ForeignKey("debit.debit_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.item_id"), index=True)
    amount: Mapped[int]
