"""From which day something may be taken back, and what that posts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.reversals.rules import choose_day, reversal_journal

TODAY = date(2026, 3, 2)
DAYS = st.integers(-30, 30)


def _day(offset):
    return TODAY + timedelta(days=offset)


@given(asked=DAYS, earliest=DAYS)
def test_a_day_is_taken_from_the_earliest_on_up_to_today(asked, earliest):
    def choose():
        return choose_day(_day(asked), earliest=_day(earliest), today=TODAY, field="reversed_on")

    if earliest <= asked <= 0:
        assert choose() == _day(asked)
        return
    with pytest.raises(Invalid) as refused:
        choose()
    assert refused.value.code == ("in_the_future" if asked > 0 else "too_early")
    assert refused.value.errors[0]["field"] == "reversed_on"


def test_it_is_today_if_no_day_is_asked_for():
    assert choose_day(None, earliest=TODAY, today=TODAY, field="reversed_on") == TODAY


def test_even_today_may_be_too_early():
    with pytest.raises(Invalid, match="2026-03-03 at the earliest"):
        choose_day(None, earliest=_day(1), today=TODAY, field="reversed_on")


def test_a_reversed_receipt_is_the_receipt_turned_round():
    journal = reversal_journal(
        payment_id="pay_1",
        account_id="acc_1",
        currency="EUR",
        reversed_on=TODAY,
        amount=700,
    )

    assert journal.amounts == {LedgerAccount.UNAPPLIED_CASH: 700, LedgerAccount.CASH: -700}
    assert (journal.kind, journal.document_id) == (JournalKind.PAYMENT_REVERSED, "pay_1")
    assert (journal.account_id, journal.currency) == ("acc_1", "EUR")
    assert journal.effective_on == TODAY
