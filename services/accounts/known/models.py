"""The table of which services know an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class AccountKnown(Base, AccountOwned):
    """A service said that it knows an account, by its snapshot of this version; heard once."""

    __tablename__ = "account_known"

    account_id: Mapped[str] = mapped_column(
        ForeignKey("account.account_id"), primary_key=True, index=False
    )
    known_by: Mapped[str] = mapped_column(primary_key=True)
    account_version: Mapped[int]
    known_at: Mapped[datetime]
