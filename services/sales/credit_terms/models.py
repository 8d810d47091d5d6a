"""The tables of credit terms, with their history: rows are appended, never edited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class CreditTerms(Base, AccountOwned):
    """What is looked at of an account until the row of the next version; with `is_default` what the firm
    has, and the rest says nothing. Minor units of the account's currency; none: not looked at."""

    __tablename__ = "credit_terms"
    __table_args__ = (CheckConstraint("overdue_limit >= 0 AND overdue_days >= 0", "not_negative"),)

    account_id: Mapped[str] = mapped_column(primary_key=True, index=False)
    version: Mapped[int] = mapped_column(primary_key=True)
    is_default: Mapped[bool]
    overdue_limit: Mapped[int | None]
    overdue_days: Mapped[int]
    counts_drafts: Mapped[bool]
    reason: Mapped[str | None]
    set_at: Mapped[datetime | None]
    set_by: Mapped[str | None]


class DefaultCreditTerms(Base):
    """What is looked at of accounts of a currency that have no terms of their own."""

    __tablename__ = "default_credit_terms"
    __table_args__ = (CheckConstraint("overdue_limit >= 0 AND overdue_days >= 0", "not_negative"),)

    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    overdue_limit: Mapped[int | None]
    overdue_days: Mapped[int]
    counts_drafts: Mapped[bool]
    reason: Mapped[str | None]
    set_at: Mapped[datetime | None]
    set_by: Mapped[str | None]
