"""The copy of billing's items."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class OpenItem(Base, AccountOwned):
    """One instalment of an invoice as billing last told, in minor units of `currency`; paid ones are kept
    too. Of the balance, what is `disputed` or `in_flight` (money on its way) is not asked for."""

    __tablename__ = "open_item"
    __table_args__ = (
        Index(
            "ix_open_item_owed",
            "account_id",
            "currency",
            "due_date",
            postgresql_where=text("balance > 0"),
        ),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    version: Mapped[int]
    currency: Mapped[str]
    due_date: Mapped[date]
    balance: Mapped[int]
    disputed: Mapped[int]
    in_flight: Mapped[int]
