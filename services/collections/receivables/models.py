"""Table: the copy of billing's open items."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Computed, Index, func, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from chassis.database import NATURAL, AccountOwned
from services.collections.base import Base
from services.collections.receivables import rules

_IS_COST = "kind IN ('fee', 'interest', 'letter')"


class Receivable(Base, AccountOwned):
    """An open item as collections sees it: one instalment of an invoice.

    Everything but `is_in_collections` is billing's word in its newest version. That one says who
    speaks to the client about it: our letters, or whoever took the placement.

    `issued_on` and `position` (which instalment, from 1) come with the invoice alone: null and 0 until
    then, and for what was issued before they were kept."""

    __tablename__ = "receivable"
    __table_args__ = (
        Index("ix_receivable_due", "due_date", "item_id"),
        Index("ix_receivable_open", "account_id", postgresql_where=text("status = 'open'")),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    invoice_id: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="invoice")
    invoice_number: Mapped[str] = mapped_column(NATURAL)
    is_cost: Mapped[bool] = mapped_column(Computed(_IS_COST, persisted=True))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    issued_on: Mapped[date | None] = mapped_column()
    due_date: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int]
    balance: Mapped[int]
    disputed: Mapped[int] = mapped_column(server_default=text("0"))
    in_flight: Mapped[int] = mapped_column(server_default=text("0"))
    written_off: Mapped[int] = mapped_column(server_default=text("0"))
    status: Mapped[str]
    is_in_collections: Mapped[bool] = mapped_column(server_default=text("false"))

    issue_order: Mapped[date] = column_property(func.coalesce(issued_on, date.min))

    @property
    def askable(self) -> int:
        return rules.askable(self.balance, disputed=self.disputed, in_flight=self.in_flight)


PLACE = (
    Receivable.due_date,
    Receivable.is_cost,
    Receivable.issue_order,
    Receivable.invoice_number,
    Receivable.position,
    Receivable.item_id,
)
"""The columns in whose order items are listed, asked for and covered by credit, as in billing: due first
first, what is owed before what its lateness costs, then in the order of their documents. An item without
a day of issue is from before those that have one."""
