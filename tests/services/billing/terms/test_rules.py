"""Which part of an invoice is due when."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.billing.terms.rules import Instalment, load_terms, plan_instalments, store_terms

DAY = date(2026, 3, 2)


def part(percent=None, amount=None, net_days=None, due_date=None) -> dict:
    return {
        "percent": percent and Decimal(percent),
        "amount": amount,
        "net_days": net_days,
        "due_date": due_date,
    }


def plan(total, *parts, net_days=None, due_date=None):
    return plan_instalments(
        total, net_days=net_days, due_date=due_date, instalments=list(parts) or None
    )


def test_without_terms_the_accounts_own_are_used_later():
    assert plan(1000) is None


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({"net_days": 0}, DAY),
        ({"net_days": 14}, date(2026, 3, 16)),
        ({"due_date": date(2026, 4, 1)}, date(2026, 4, 1)),
        ({"due_date": DAY}, DAY),
    ],
)
def test_all_is_due_after_net_days_or_on_the_due_date(terms, due):
    [only] = plan(1000, **terms)
    assert (only.amount, only.due(DAY)) == (1000, due)


def test_nothing_is_due_before_its_invoice():
    [only] = plan(1000, due_date=date(2026, 3, 1))
    with pytest.raises(Invalid) as refused:
        only.due(DAY)
    assert refused.value.code == "due_before_issue"


def test_percentages_are_split_to_the_cent():
    parts = plan(
        1000, part("33.333", net_days=0), part("33.333", net_days=30), part("33.334", net_days=60)
    )
    assert [each.amount for each in parts] == [333, 333, 334]
    assert [each.due(DAY) for each in parts] == [DAY, date(2026, 4, 1), date(2026, 5, 1)]


@given(
    total=st.integers(100_000, 10**12),
    cuts=st.lists(st.integers(1, 99_999), min_size=1, max_size=8, unique=True),
)
def test_instalments_by_percent_always_add_up_to_the_total(total, cuts):
    edges = [0, *sorted(cuts), 100_000]
    shares = [Decimal(later - earlier) / 1000 for earlier, later in pairwise(edges)]
    parts = plan(total, *(part(share, net_days=1) for share in shares))
    assert sum(each.amount for each in parts) == total


@pytest.mark.parametrize(
    "parts",
    [
        [part("50", net_days=1), part("49.999", net_days=2)],
        [part(amount=500, net_days=1), part(amount=499, net_days=2)],
        [part("50", net_days=1), part(amount=500, net_days=2)],
        [part("100", amount=1000, net_days=1)],
        [part(net_days=1)],
        [part("100")],
        [part("100", net_days=1, due_date=DAY)],
        [part("99.999", net_days=1), part("0.001", net_days=2)],  # nothing is left for the second
    ],
)
def test_instalments_that_do_not_add_up_are_refused(parts):
    with pytest.raises(Invalid) as refused:
        plan(1000, *parts)
    assert refused.value.code == "instalments_do_not_add_up"


def test_terms_given_in_two_ways_are_refused():
    with pytest.raises(Invalid) as refused:
        plan(1000, net_days=10, due_date=DAY)
    assert refused.value.code == "terms_given_twice"


@pytest.mark.parametrize("terms", [None, [Instalment(400, DAY, None), Instalment(600, None, 30)]])
def test_terms_are_kept_with_a_draft_as_they_were(terms):
    assert load_terms(store_terms(terms)) == terms
