"""Journals balance, and are of a day that can be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.billing.ledger.rules import (
    Journal,
    JournalKind,
    LedgerAccount,
    choose_day,
    require_past,
)


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
