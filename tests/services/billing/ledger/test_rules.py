"""Journals balance, and are of a day that can be."""

from datetime import date

import pytest

from kernel.refusals import Invalid
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount, require_past


def test_a_journal_that_does_not_balance_cannot_be_made():
    with pytest.raises(AssertionError, match="does not balance"):
        Journal(
            JournalKind.PAYMENT_RECEIVED,
            "pay_1",
            "acc_1",
            "EUR",
            date(2026, 3, 2),
            {LedgerAccount.CASH: 100, LedgerAccount.UNAPPLIED_CASH: -99},
        )


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 3, 2), None),
        (date(1970, 1, 1), None),
        (date(2026, 3, 3), "in_the_future"),
        (date(26, 3, 2), "too_long_ago"),
    ],
)
def test_what_is_booked_has_happened(day, code):
    if code is None:
        require_past(day, today=date(2026, 3, 2), field="value_date")
    else:
        with pytest.raises(Invalid) as refused:
            require_past(day, today=date(2026, 3, 2), field="value_date")
        assert refused.value.code == code
