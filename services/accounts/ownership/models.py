"""The table of who owned which account from when to when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class OwnershipPeriod(Base, AccountOwned):
    """One owner's time with one account, from `since_on` to the day before `until_on`; open at the end
    for the present owner, of whom an account has exactly one."""

    __tablename__ = "ownership_period"
    __table_args__ = (
        CheckConstraint("until_on >= since_on", name="until_after_since"),
        Index(
            "uq_ownership_period_present",
            "account_id",
            unique=True,
            postgresql_where=text("until_on IS NULL"),
        ),
        Index("ix_ownership_period_book", "staff_id", postgresql_where=text("until_on IS NULL")),
    )

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"))
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str | None]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
