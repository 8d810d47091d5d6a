"""Post journals to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from kernel.ids import new_ids
from services.billing.ledger.models import JournalEntry
from services.billing.ledger.rules import Journal


def post_journals(session: Session, *, journals: Sequence[Journal], now: datetime) -> None:
    """Add journals to the ledger, in their order, all in one statement."""
    entries = [
        {
            "journal_id": journal_id,
            "position": position,
            "kind": journal.kind,
            "document_id": journal.document_id,
            "account_id": journal.account_id,
            "ledger_account": ledger_account,
            "currency": journal.currency,
            "amount": amount,
            "effective_on": journal.effective_on,
            "recorded_at": now,
        }
        for journal, journal_id in zip(journals, new_ids("jrn", len(journals)), strict=True)
        for position, (ledger_account, amount) in enumerate(journal.amounts.items(), start=1)
        if amount
    ]
    insert_rows(session, JournalEntry, entries)
