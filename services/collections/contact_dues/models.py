"""Table: what the worklist was told last about each account."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.collections.base import Base


class ContactDue(Base, AccountOwned):
    """Whether an account is to be contacted about a currency for a reason, and about how much."""

    __tablename__ = "contact_due"
    __table_args__ = (
        Index("ix_contact_due_standing", "account_id", postgresql_where=text("is_due")),
    )

    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_due: Mapped[bool]
    amount: Mapped[int]
    oldest_due_date: Mapped[date]
    since: Mapped[date]
