"""The table of references."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class AccountReference(Base, AccountOwned):
    """What another system calls an account: one account for each of its ids."""

    __tablename__ = "account_reference"

    system: Mapped[str] = mapped_column(primary_key=True)
    reference_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
