"""Allocations, and what payments, credit notes and adjustments have in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base
from services.billing.ledger.rules import LedgerAccount


class Source(Protocol):
    """What is set against items: money, credit, or what is given up."""

    @property
    def account_id(self) -> str: ...

    @property
    def currency(self) -> str: ...

    @property
    def free_from(self) -> date: ...

    @property
    def keys(self) -> dict[str, str | None]: ...

    def post(self, amount: int) -> dict[LedgerAccount, int]: ...


class Allocatable(AccountOwned):
    """A payment or credit note: `unapplied` of it is set against nothing, `refunded` was given back,
    the rest is allocated. What is unapplied counts from `free_from`, so that no past day ever has
    more allocated than there was. It is set against items by itself unless it `is_kept`: somebody said
    what it is for, or took it off an item."""

    ledger_account: ClassVar[LedgerAccount]

    currency: Mapped[str]
    unapplied: Mapped[int]
    refunded: Mapped[int]
    free_from: Mapped[date]
    is_kept: Mapped[bool] = mapped_column(server_default=text("false"))

    @property
    def keys(self) -> dict[str, str | None]:
        """The columns of an allocation or refund that say what it is of."""
        raise NotImplementedError

    @property
    def paid_on(self) -> date | None:
        """The day on which the money was there; None of what is no money."""
        return None

    def post(self, amount: int) -> dict[LedgerAccount, int]:
        """Where what is set against an item comes from, in the ledger."""
        return {self.ledger_account: amount}


class Allocation(Base, AccountOwned):
    """A part of a payment, credit note or adjustment set against one item. A reversal is a row of its own
    with the amount negated, and names the one allocation it takes back; `reversal_id` names the reversal
    of the payment that it is a part of, if any. What is given up along with what somebody pays names the
    allocation of that (`with_id`)."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(payment_id, credit_note_id, adjustment_id) = 1", name="of_one"
        ),
        CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount > 0 ELSE amount < 0 END", name="sign"
        ),
        Index("ix_allocation_since", "effective_on", "recorded_at", postgresql_using="brin"),
        Index("ix_allocation_with_id", "with_id", postgresql_where=text("with_id IS NOT NULL")),
    )

    allocation_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.item_id"), index=True)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.payment_id"), index=True)
    credit_note_id: Mapped[str | None] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), index=True
    )
    adjustment_id: Mapped[str | None] = mapped_column(
        ForeignKey("adjustment.adjustment_id"), index=True
    )
    reverses_id: Mapped[str | None] = mapped_column(
        ForeignKey("allocation.allocation_id"), unique=True
    )
    with_id: Mapped[str | None] = mapped_column(ForeignKey("allocation.allocation_id"))
    reversal_id: Mapped[str | None] = mapped_column(
        ForeignKey("payment_reversal.reversal_id"), index=True
    )
    currency: Mapped[str]
    amount: Mapped[int]
    source: Mapped[str]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
