"""Table: accounts that a daily job could not decide about."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.collections.base import Base


class ParkedAccount(Base, AccountOwned):
    """On this day this job could not decide about the account, and why; the next day's tries again."""

    __tablename__ = "parked_account"

    day: Mapped[date] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    reason: Mapped[str]
