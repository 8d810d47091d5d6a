"""The tables of remedies."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import AccountOwned, Aggregate
from kernel.money import Money
from services.accounts.base import Base, choice
from services.accounts.remedies.rules import CarriedOutAs, RemedyKind, RemedyStatus


class Remedy(Base, Aggregate, AccountOwned):
    """What a client is given for what went wrong; `amount` in minor units, net where it is by lines, else
    with tax. `approver_id` is whose decision it waits for, or waited for. `ended_…` is who declined,
    withdrew or refused it, and why; `executed_as` and `carried_out_by` are what carried it out."""

    __tablename__ = "remedy"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(status IN ('granted', 'executed', 'refused')) = (granted_on IS NOT NULL)",
            name="granted",
        ),
        CheckConstraint("(status = 'executed') = (executed_at IS NOT NULL)", name="executed"),
        CheckConstraint(
            "(status IN ('declined', 'withdrawn', 'refused')) = (ended_at IS NOT NULL)",
            name="ended",
        ),
        Index("ix_remedy_account_id_granted_on", "account_id", "granted_on"),
        Index(
            "ix_remedy_waiting",
            "approver_id",
            "remedy_id",
            postgresql_where=text("status = 'waiting_for_approval'"),
        ),
    )

    remedy_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=False)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id"), index=True)
    kind: Mapped[RemedyKind] = mapped_column(choice(RemedyKind, name="kind"))
    status: Mapped[RemedyStatus] = mapped_column(choice(RemedyStatus, name="status"))
    is_by_lines: Mapped[bool]
    currency: Mapped[str]
    amount: Mapped[int]
    invoice_id: Mapped[str | None] = mapped_column(index=True)
    invoice_number: Mapped[str | None]
    order_id: Mapped[str | None]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    approver_id: Mapped[str | None] = mapped_column(ForeignKey("staff.staff_id"))
    granted_on: Mapped[date | None] = mapped_column(index=True)
    approved_by: Mapped[str | None]
    approval_note: Mapped[str | None]
    executed_at: Mapped[datetime | None]
    executed_by: Mapped[str | None]
    executed_as: Mapped[CarriedOutAs | None] = mapped_column(
        choice(CarriedOutAs, name="executed_as")
    )
    carried_out_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_code: Mapped[str | None]
    ended_reason: Mapped[str | None]

    lines: Mapped[list[RemedyLine]] = relationship(order_by="RemedyLine.position", lazy="selectin")

    @property
    def money(self) -> Money:
        """What it comes to."""
        return Money(self.amount, self.currency)


class RemedyLine(Base):
    """A part of an invoice's line that a remedy makes good; minor units, net."""

    __tablename__ = "remedy_line"

    remedy_id: Mapped[str] = mapped_column(ForeignKey("remedy.remedy_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[str | None]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    unit_price: Mapped[int]
    amount: Mapped[int]
    is_returned: Mapped[bool]
