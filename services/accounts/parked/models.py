"""Table: accounts whose worklist a daily review could not keep."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class ParkedAccount(Base, AccountOwned):
    """That day's review could not keep the account's worklist, and why; the next day's tries again."""

    __tablename__ = "parked_account"

    day: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    reason: Mapped[str]
