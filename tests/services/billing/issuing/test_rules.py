"""What is fixed when an invoice is issued."""

from datetime import date, timedelta

import pytest

from kernel.refusals import Invalid
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import Due, NewInvoice, fix_dates
from services.billing.pricing.rules import Priced
from services.billing.routines.rules import Agreement
from services.billing.terms.rules import DueRule, Instalment

TODAY = date(2026, 3, 2)


def fix(*terms, issued_on=None, net_days=14):
    return fix_dates(
        total=1000,
        currency="EUR",
        terms=terms or None,
        agreement=Agreement(net_days, None),
        issued_on=issued_on,
        today=TODAY,
    )


def test_without_terms_of_its_own_an_invoice_has_its_accounts():
    assert fix() == (TODAY, (Due(1000, TODAY + timedelta(days=14)),))


def test_its_own_terms_come_before_its_accounts():
    terms = (Instalment(400, None, DueRule(0)), Instalment(600, date(2026, 5, 1)))

    assert fix(*terms)[1] == (Due(400, TODAY), Due(600, date(2026, 5, 1)))


def test_what_is_due_counts_from_the_day_of_issue():
    day = TODAY - timedelta(days=10)

    assert fix(issued_on=day) == (day, (Due(1000, day + timedelta(days=14)),))


def test_an_invoice_is_never_of_a_day_to_come():
    with pytest.raises(Invalid) as refused:
        fix(issued_on=TODAY + timedelta(days=1))
    assert refused.value.code == "in_the_future"
    assert refused.value.errors[0]["field"] == "issued_on"


@pytest.mark.parametrize("days", [0, 1])
def test_nothing_is_due_more_than_50_years_ahead(days):
    due = date(2076, 3, 2) + timedelta(days=days)
    terms = (Instalment(400, None, DueRule(3650)), Instalment(600, due))
    if not days:
        assert fix(*terms)[1][1] == Due(600, due)
        return
    with pytest.raises(Invalid) as refused:
        fix(*terms)
    assert refused.value.code == "too_far_ahead"
    assert refused.value.errors[0]["field"] == "due_date"


def test_an_accounts_terms_that_reach_beyond_the_calendar_are_refused():
    with pytest.raises(Invalid) as refused:
        fix(net_days=10**9)
    assert refused.value.code == "too_far_ahead"


def _new(**numbered):
    demand = Demand("acc_1", "EUR", Priced((), ()), None, **numbered)
    return NewInvoice("inv_1", demand, TODAY, ())


def test_an_invoice_that_was_numbered_elsewhere_keeps_series_and_number():
    assert _new(series="external", number="R-7").own_number == ("external", "R-7")


def test_one_that_is_numbered_here_has_no_number_of_its_own():
    assert _new().own_number is None
