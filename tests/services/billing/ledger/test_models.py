"""The database keeps the ledger true, whoever writes to it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.ids import new_id
from services.billing.ledger.models import JournalEntry

pytestmark = pytest.mark.server


def post(session, *entries, journal_id=None):
    """Entries of ledger account, currency and amount, past all rules."""
    journal_id = journal_id or new_id("jrn")
    for position, (ledger_account, currency, amount) in enumerate(entries, start=1):
        session.add(
            JournalEntry(
                journal_id=journal_id,
                position=position,
                account_id=new_id("acc"),
                kind="payment_received",
                document_id=new_id("pay"),
                ledger_account=ledger_account,
                currency=currency,
                amount=amount,
                effective_on=date(2026, 3, 2),
                recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
        )
    session.flush()


@pytest.mark.parametrize(
    "entries",
    [
        [("cash", "EUR", 100)],
        [("cash", "EUR", 100), ("unapplied_cash", "EUR", -99)],
        [("cash", "EUR", 100), ("unapplied_cash", "USD", -100)],
        [("cash", "EUR", -100), ("unapplied_cash", "EUR", -100)],
    ],
)
def test_a_journal_that_does_not_balance_in_each_currency_is_refused(books, session, entries):
    post(session, *entries)
    with pytest.raises(IntegrityError, match="does not balance"):
        books.check_constraints()


def test_a_journal_that_balances_is_taken(books, session):
    post(session, ("cash", "EUR", 100), ("unapplied_cash", "EUR", -60), ("tax", "EUR", -40))
    books.check_constraints()


def test_an_empty_entry_is_refused(session):
    with pytest.raises(IntegrityError, match="not_empty"), session.begin_nested():
        post(session, ("cash", "EUR", 0))


@pytest.mark.parametrize("table", ["journal_entry", "allocation", "refund"])
@pytest.mark.parametrize("change", ["UPDATE {} SET amount = 1", "DELETE FROM {}"])
def test_what_is_recorded_is_never_changed_or_deleted(session, table, change):
    with pytest.raises(IntegrityError, match="only ever added to"):
        session.execute(text(change.format(table)))
