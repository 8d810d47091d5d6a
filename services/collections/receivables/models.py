"""Table: the copy of billing's open items."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.collections.base import Base


class Receivable(Base, AccountOwned):
    """An open item as collections sees it: one instalment of an invoice.

    Everything but `is_in_collections` is billing's word in its newest version. That one says who
    speaks to the client about it: our letters, or whoever took the placement."""

    __tablename__ = "receivable"
    __table_args__ = (
        Index("ix_receivable_due", "due_date", "item_id"),
        Index("ix_receivable_open", "account_id", postgresql_where=text("status = 'open'")),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    invoice_id: Mapped[str]
    invoice_number: Mapped[str]
    due_date: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int]
    balance: Mapped[int]
    status: Mapped[str]
    is_in_collections: Mapped[bool] = mapped_column(server_default=text("false"))
