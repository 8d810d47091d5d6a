"""Payments: money received."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.billing.allocations.models import Allocatable
from services.billing.base import Base
from services.billing.ledger.rules import LedgerAccount
from services.billing.payments.rules import payment_status


class Payment(Base, Aggregate, Allocatable):
    """Money received on `value_date`: allocated, refunded, unapplied or `reversed`, since it turned out
    not to be there. `refunded` is what was given back and not claimed back since, `overpaid` what
    came too much and is ours. `reversed_on` and its
    like are those of the reversal that took the last of it."""

    __tablename__ = "payment"
    __table_args__ = (
        Index(
            "ix_payment_unapplied",
            *("account_id", "currency"),
            postgresql_where=text("unapplied > 0"),
        ),
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_payment_external_id",
            *("account_id", "external_id"),
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        CheckConstraint(
            "unapplied >= 0 AND refunded >= 0 AND reversed >= 0 AND overpaid >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "unapplied + refunded + reversed + overpaid <= amount", name="within_amount"
        ),
    )
    ledger_account = LedgerAccount.UNAPPLIED_CASH

    payment_id: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    value_date: Mapped[date] = mapped_column(index=True)
    method: Mapped[str]
    reference: Mapped[str | None] = mapped_column(index=True)
    external_id: Mapped[str | None]  # what the sender calls it
    external_digest: Mapped[str | None]  # of what it said under that name
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    reversed: Mapped[int] = mapped_column(server_default=text("0"))
    overpaid: Mapped[int] = mapped_column(server_default=text("0"))
    reversed_on: Mapped[date | None]
    reversed_by: Mapped[str | None]
    reversed_at: Mapped[datetime | None]
    reversal_reason: Mapped[str | None]

    @property
    def keys(self) -> dict[str, str | None]:
        return {"payment_id": self.payment_id, "credit_note_id": None}

    @property
    def paid_on(self) -> date:
        return self.value_date

    @property
    def allocated(self) -> int:
        return self.amount - self.unapplied - self.refunded - self.reversed - self.overpaid

    @property
    def status(self) -> str:
        return payment_status(is_reversed=self.reversed == self.amount, unapplied=self.unapplied)
