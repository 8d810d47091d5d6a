"""The tables of cases and of what was done with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Sequence, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from kernel.money import Money
from services.accounts.accounts.rules import Tier
from services.accounts.base import Base, choice
from services.accounts.cases.rules import AboutKind, CaseAction, CaseStatus, DisputeOutcome
from services.accounts.clocks.rules import Kind, Priority

case_number = Sequence("case_number", metadata=Base.metadata)


class Case(Base, Aggregate, AccountOwned):
    """What a client brought up. `status_before` is where one that waits for the client goes back to,
    `tier` the account's when it was opened; `disputed_amount` is in minor units of `disputed_currency`.
    `problem` is what they said in our words; praise names `staff_ids` and `products`."""

    __tablename__ = "case"
    __table_args__ = (
        CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name="about_whole"),
        CheckConstraint("disputed_amount > 0", name="disputed_amount_positive"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction_1_to_5"),
        CheckConstraint(
            "(status = 'waiting_for_client') = (status_before IS NOT NULL)", name="waits_from"
        ),
        Index("ix_case_received_at", "received_at", "case_id"),
        Index("ix_case_account_id_about_id", "account_id", "about_id"),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=False)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind, name="kind"))
    priority: Mapped[Priority] = mapped_column(choice(Priority, name="priority"))
    tier: Mapped[Tier] = mapped_column(choice(Tier, name="tier"))
    status: Mapped[CaseStatus] = mapped_column(choice(CaseStatus, name="status"), index=True)
    status_before: Mapped[CaseStatus | None] = mapped_column(
        choice(CaseStatus, name="status_before")
    )
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    subject: Mapped[str]
    description: Mapped[str | None]
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.contact_id"))
    about_kind: Mapped[AboutKind | None] = mapped_column(choice(AboutKind, name="about_kind"))
    about_id: Mapped[str | None]
    about_number: Mapped[str | None]
    disputed_amount: Mapped[int | None]
    disputed_currency: Mapped[str | None]
    dispute_outcome: Mapped[DisputeOutcome | None] = mapped_column(
        choice(DisputeOutcome, name="dispute_outcome")
    )
    staff_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    products: Mapped[list[str]] = mapped_column(ARRAY(Text))
    problem: Mapped[str | None]
    case_cause_id: Mapped[str | None] = mapped_column(
        ForeignKey("case_cause.case_cause_id"), index=True
    )
    caused_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.staff_id"))
    product: Mapped[str | None]
    proposal: Mapped[str | None]
    duplicate_of_id: Mapped[str | None] = mapped_column(ForeignKey("case.case_id"))
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("contact.contact_id"))
    satisfaction: Mapped[int | None]
    received_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    times_reopened: Mapped[int] = mapped_column(default=0)

    @property
    def about(self) -> dict[str, str | None] | None:
        """What it is about; None for nothing that has a number."""
        if self.about_kind is None:
            return None
        return {"kind": self.about_kind, "id": self.about_id, "number": self.about_number}

    @property
    def disputed(self) -> Money | None:
        """Which amount the client contests."""
        if self.disputed_amount is None or self.disputed_currency is None:
            return None
        return Money(self.disputed_amount, self.disputed_currency)


class CaseState(Base, AccountOwned):
    """Something done with a case, and where it stood then; appended, never edited. `moved_at` is when it
    happened, `recorded_at` when we learned it."""

    __tablename__ = "case_state"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id"), index=True)
    account_id: Mapped[str] = mapped_column(index=False)
    action: Mapped[CaseAction | None] = mapped_column(
        choice(CaseAction, name="action")
    )  # none: opened
    status: Mapped[CaseStatus] = mapped_column(choice(CaseStatus, name="status"))
    note: Mapped[str | None]
    moved_by: Mapped[str]
    moved_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
