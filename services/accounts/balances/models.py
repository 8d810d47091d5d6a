"""The copy of what accounts owe."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class AccountBalance(Base, AccountOwned):
    """What an account owes in one currency as billing last told; minor units. `balance` is `open` (on
    invoices) less `unapplied` (received and not yet allocated)."""

    __tablename__ = "account_balance"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    open: Mapped[int]
    unapplied: Mapped[int]
    balance: Mapped[int]
