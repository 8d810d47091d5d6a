"""The journal: entries that are only ever added, and that balance or are refused by the database."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class JournalEntry(Base, AccountOwned):
    """One amount on one ledger account; entries with the same `journal_id` are one journal. Triggers,
    made by the first migration, refuse a journal that does not balance and any change of an entry.

    `effective_on` is when it was so, `recorded_at` when we learned it."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="not_empty"),
        Index("ix_journal_entry_account_id", "account_id", "document_id"),
        Index("ix_journal_entry_ledger_account", "ledger_account", "effective_on"),
    )

    account_id: Mapped[str] = mapped_column(index=False)
    journal_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    document_id: Mapped[str]
    ledger_account: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[int]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
