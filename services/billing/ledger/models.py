"""The journal: entries that are only ever added, and that balance or are refused by the database."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import DDL, CheckConstraint, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class JournalEntry(Base, AccountOwned):
    """One amount on one ledger account; entries with the same `journal_id` are one journal.

    `effective_on` is when it was so, `recorded_at` when we learned it."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="not_empty"),
        Index("ix_journal_entry_ledger_account", "ledger_account", "effective_on"),
    )

    journal_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    document_id: Mapped[str]
    ledger_account: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[int]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]


# Checked at the commit, when a journal has all its entries.
REFUSE_UNBALANCED = """
CREATE FUNCTION refuse_unbalanced_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM journal_entry WHERE journal_id = NEW.journal_id
        GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'journal % does not balance', NEW.journal_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_journal();
"""

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to; record a reversal instead', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END $$;
"""


def only_added_to(table: str) -> str:
    """The statement that makes the database refuse to change or delete rows of `table`."""
    return (
        f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


for statement in (REFUSE_UNBALANCED, REFUSE_CHANGE, only_added_to("journal_entry")):
    event.listen(JournalEntry.__table__, "after_create", DDL(statement.replace("%", "%%")))
