"""Open items, and the balance of each account and currency."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.billing.base import Base
from services.billing.items.rules import ItemKind, item_status

PLACE = ("due_date", "issued_on", "invoice_number", "position", "item_id")
"""The columns in whose order items are paid and listed: that of their documents, due first first."""


class AccountBalance(Base, AccountOwned):
    """What an account owes in one currency: `open`, the balances of its items, less `unapplied`, its
    payments and credit notes not yet allocated.

    Its row is the lock of everything that changes either: whoever does takes it first."""

    __tablename__ = "account_balance"
    __table_args__ = (CheckConstraint("open >= 0 AND unapplied >= 0", name="not_negative"),)

    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    open: Mapped[int]
    unapplied: Mapped[int]

    @property
    def balance(self) -> int:
        return self.open - self.unapplied


class Item(Base, Aggregate, AccountOwned):
    """One instalment of an issued invoice, or a debit note: the thing that is due.

    `changed_on` is the last day a change of its balance takes effect, `changed_at` when the last was
    recorded: an item with nothing left to pay and both in the past was settled then already."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("balance BETWEEN 0 AND amount AND amount > 0", name="balance"),
        Index(
            "ix_item_open",
            *("account_id", "currency", *PLACE),
            postgresql_where=text("balance > 0"),
        ),
        Index("ix_item_open_due_date", *PLACE, postgresql_where=text("balance > 0")),
        Index("ix_item_changed_on", "changed_on"),
        Index("ix_item_changed_at", "changed_at"),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoice.invoice_id"), index=True)
    kind: Mapped[str] = mapped_column(server_default=ItemKind.INVOICE)
    invoice_number: Mapped[str] = mapped_column(NATURAL)
    position: Mapped[int]
    currency: Mapped[str]
    issued_on: Mapped[date]
    due_date: Mapped[date]
    amount: Mapped[int]
    balance: Mapped[int]
    is_void: Mapped[bool]
    open_from: Mapped[date]
    changed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def status(self) -> str:
        return item_status(is_void=self.is_void, balance=self.balance)
