"""The copy of billing's items."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class AccountItem(Base, AccountOwned):
    """One instalment of an invoice as billing last told; minor units. Who does not know its account yet
    keeps it all the same."""

    __tablename__ = "account_item"
    __table_args__ = (
        Index(
            "ix_account_item_open",
            "account_id",
            "due_date",
            postgresql_where=text("status = 'open'"),
        ),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    version: Mapped[int]
    invoice_id: Mapped[str]
    invoice_number: Mapped[str]
    due_date: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int]
    balance: Mapped[int]
    disputed: Mapped[int]
    status: Mapped[str]
